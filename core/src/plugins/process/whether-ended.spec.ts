import { whetherEnded } from './whether-ended.ts'

const never = new Promise<never>(() => undefined)
const gone = () => Promise.reject(new Error('The channel is closed.'))
/** Far longer than a spec may run. */
const longMs = 600_000

describe('a process that closed a connection', () => {
  it('lives when it answers, and nobody waits for news of its end', async () => {
    expect(await whetherEnded({ ended: never, ask: async () => undefined }, longMs)).toBe(false)
  })

  it.each([
    ['at once', Promise.resolve(), () => never],
    ['after its channel has closed', new Promise((resolve) => setImmediate(resolve)), gone],
  ])('has ended when that is told %s', async (_when, ended, ask) => {
    expect(await whetherEnded({ ended, ask }, longMs)).toBe(true)
  })

  it.each([
    ['does not answer', () => never],
    ['cannot be asked', gone],
  ])('is taken to live when it %s and nothing is told', async (_why, ask) => {
    expect(await whetherEnded({ ended: never, ask }, 1)).toBe(false)
  })
})
