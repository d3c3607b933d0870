import type { Clock } from '../backend/ports.ts'

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  set(time: Date | string): void
  advance(milliseconds: number): void
}

export function createTestClock(start: Date | string = '2026-01-15T12:00:00Z'): TestClock {
  let now = new Date(start).getTime()
  return {
    now: () => new Date(now),
    set: (time) => void (now = new Date(time).getTime()),
    advance: (milliseconds) => void (now += milliseconds),
  }
}
