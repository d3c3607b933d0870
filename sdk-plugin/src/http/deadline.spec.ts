import { Problem } from '../backend/problem.ts'
import { Cancellation, within } from './deadline.ts'

const never = () => new Promise<never>(() => undefined)

describe('Cancellation', () => {
  it('gives a signal that is aborted whether it is asked for before or after', () => {
    const [before, after] = [new Cancellation(), new Cancellation()]
    const { signal } = before
    before.cancel('first')
    before.cancel('second')
    after.cancel('late')
    expect(signal).toMatchObject({ aborted: true, reason: 'first' })
    expect(after.signal).toMatchObject({ aborted: true, reason: 'late' })
    expect(after.signal).toBe(after.signal)
  })

  it('is not aborted while nobody cancels', () => {
    expect(new Cancellation().signal.aborted).toBe(false)
  })
})

describe('within', () => {
  it('gives what the work gives or throws', async () => {
    await expect(within(1000, new Cancellation(), async () => 5)).resolves.toBe(5)
    await expect(
      within(1000, new Cancellation(), async () => {
        throw new Error('own')
      }),
    ).rejects.toThrow('own')
  })

  it('ends work at its limit with 504, and its signal', async () => {
    const cancellation = new Cancellation()
    const { signal } = cancellation
    await expect(within(5, cancellation, never)).rejects.toMatchObject({ status: 504, code: 'time_limit' })
    expect(signal.reason).toBeInstanceOf(Problem)
  })

  it('ends work with the reason of a cancellation, and begins none after it', async () => {
    const cancellation = new Cancellation()
    const running = within(1000, cancellation, never)
    cancellation.cancel(new Error('gone'))
    await expect(running).rejects.toThrow('gone')
    const work = jest.fn(never)
    await expect(within(1000, cancellation, work)).rejects.toThrow('gone')
    expect(work).not.toHaveBeenCalled()
  })

  it('leaves a cancellation after the end to the signal alone', async () => {
    const cancellation = new Cancellation()
    await within(1000, cancellation, async () => undefined)
    cancellation.cancel(new Error('late'))
    expect(cancellation.signal.aborted).toBe(true)
  })
})
