import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import { Follower } from './follow.ts'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

it('says that its host is alive also while it takes something over that is long', async () => {
  const beat = jest.fn(() => Promise.resolve())
  let takenOver = (_others: []): void => undefined
  const others = () => new Promise<[]>((resolve) => (takenOver = resolve))
  const leave = jest.fn(() => Promise.resolve())
  const parts = { slots: new Map(), nodes: { beat, others, leave } } as unknown as LifecycleParts
  const follower = new Follower(parts, { unsettled: new Set() } as unknown as Exclusive, () => {
    throw new Error('nothing is installed')
  })
  const running = follower.start()
  await jest.advanceTimersByTimeAsync(9_000)
  // Who is silent for 10 s is taken for gone.
  expect(beat.mock.calls.length).toBeGreaterThan(3)
  const ended = running.dispose()
  takenOver([])
  await ended
  const told = beat.mock.calls.length
  await jest.advanceTimersByTimeAsync(9_000)
  expect([beat.mock.calls.length, leave.mock.calls.length]).toEqual([told, 1])
})
