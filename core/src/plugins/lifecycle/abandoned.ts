import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey, JournalRow } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import { isBeforeCode, isTransient, mayFollow } from '../journal/states.ts'
import { sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'

/** Ends the rows of generations that a killed host had begun, and that nothing wants any more: a region's version, a companion. */
export async function endAbandoned(parts: LifecycleParts, desired: DesiredState, token: number): Promise<void> {
  for (const row of await unwanted(parts, desired)) if (isTransient(row.to)) await endBegun(parts, row, token)
}

/** The same for those that served: no host is there that could still run one. */
export async function endAllAbandoned(parts: LifecycleParts, desired: DesiredState, token: number): Promise<void> {
  await endAbandoned(parts, desired, token)
  for (const row of await unwanted(parts, desired)) {
    if (row.to !== 'ACTIVE' && row.to !== 'DEGRADED') continue
    for (const to of ['DRAINING', 'STOPPED'] as const)
      await parts.journal.append(row, to, token, because('host_stopped'))
  }
}

async function unwanted({ journal }: LifecycleParts, desired: DesiredState): Promise<JournalRow[]> {
  const { pending, regions = {} } = desired
  const own = Object.values(regions).map(({ generation }) => generation)
  const wanted = [desired, pending?.from, pending?.to, ...own].filter((key): key is GenerationKey => key !== undefined)
  return (await journal.lastOfEach(desired.plugin)).filter((row) => !wanted.some((key) => sameGeneration(key, row)))
}

async function endBegun({ journal }: LifecycleParts, row: JournalRow, token: number): Promise<void> {
  const { version, to: state } = row
  if (state === 'DRAINING') return void (await journal.append(row, 'STOPPED', token, because('host_stopped_draining')))
  const end = !isBeforeCode(state) ? 'ROLLED_BACK' : mayFollow(state, 'REJECTED') ? 'REJECTED' : 'FAILED'
  await journal.append(row, end, token, because('change_interrupted', { version, state }))
}
