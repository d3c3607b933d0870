import type { Clock } from '../backend/ports.ts'

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  set(time: Date | string): void
  advance(milliseconds: number): void
  /** The moment that long after (negative: before) the clock's first one, as ISO text, however the clock was moved since. */
  at(milliseconds: number): string
}

/** @param start for example `new Date()` where the database deletes by age: it goes by its own clock */
export function createTestClock(start: Date | string = '2026-01-15T12:00:00Z'): TestClock {
  const first = new Date(start).getTime()
  let now = first
  return {
    now: () => new Date(now),
    set: (time) => void (now = new Date(time).getTime()),
    advance: (milliseconds) => void (now += milliseconds),
    at: (milliseconds) => new Date(first + milliseconds).toISOString(),
  }
}
