import type { State } from '../journal/states.ts'

/** What a first installation passes, written down apart from the code under test. */
const way: readonly State[] = [
  'RESOLVED',
  'FETCHED',
  'VERIFIED',
  'APPROVED',
  'STAGED',
  'EXPANDING',
  'STARTING',
  'READY',
  'CANARY',
  'ACTIVE',
]

/** The states from `first` (for a new version, the very first) to `last`, both included. */
export function wayTo(last: State, first: State = 'RESOLVED'): State[] {
  const [start, end] = [way.indexOf(first), way.indexOf(last)]
  if (start === -1 || end < start) throw new Error(`No installation goes from ${first} to ${last}.`)
  return way.slice(start, end + 1)
}
