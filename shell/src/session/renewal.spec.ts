import { ApiProblem } from '@dcesop/sdk-plugin/ui'
import { createRenewalCheck } from './renewal.ts'

jest.mock('@dcesop/sdk-plugin/ui', () => jest.requireActual('../../../sdk-plugin/src/ui/api/api-problem.ts'))

const refused = () => new ApiProblem({ status: 401, code: 'not_signed_in' })

/** A host that refuses the first `refusals` questions. */
function host(refusals: number) {
  let asked = 0
  const lives = createRenewalCheck(async () => {
    asked += 1
    if (asked <= refusals) throw refused()
  })
  return { lives, asked: () => asked }
}

describe('a session whose token was renewed', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it('lives, also when its new token arrives a little later', async () => {
    const known = host(0)
    expect([await known.lives(), known.asked()]).toEqual([true, 1])
    const late = host(1)
    const answer = late.lives()
    await jest.advanceTimersByTimeAsync(1000)
    expect([await answer, late.asked()]).toEqual([true, 2])
  })

  it('is over when the host refuses it still', async () => {
    const ended = host(Infinity)
    const answer = ended.lives()
    await jest.advanceTimersByTimeAsync(1000)
    expect([await answer, ended.asked()]).toEqual([false, 2])
  })

  it('is asked for once for all requests that were refused together, and anew for later ones', async () => {
    const known = host(0)
    expect(await Promise.all([known.lives(), known.lives(), known.lives()])).toEqual([true, true, true])
    expect(known.asked()).toBe(1)
    await known.lives()
    expect(known.asked()).toBe(2)
  })
})
