import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey, JournalRow } from '../journal/journal.ts'
import { because, type Reason } from '../journal/reasons.ts'
import { isBeforeCode, isTransient, type State } from '../journal/states.ts'

/** Starts of a generation that has never served and that the host did not survive, after which it is given up. */
export const mostInterruptedStarts = 3

const starting: readonly State[] = ['STARTING', 'READY', 'CANARY']

/** What boot does first about a change that the last stop of the host interrupted. */
export type Recovery =
  /** Nothing was under way. */
  | { readonly kind: 'none' }
  /** The new version served a cohort: it does so again. */
  | { readonly kind: 'canary' }
  /** No code of the new version has run: the change goes on. */
  | { readonly kind: 'resume' }
  /** The new version may be what stopped the host, or had not taken over: it is put aside, the version before comes back. */
  | { readonly kind: 'compensate'; readonly why: Reason }
  /** The new version had taken over: the change is only noted as done. */
  | { readonly kind: 'complete' }

/** @param target state of the generation that the interrupted change was going to */
export function recoveryOf({ pending }: DesiredState, target: State | undefined): Recovery {
  if (!pending) return { kind: 'none' }
  const { verb, to } = pending
  if (pending.canary?.startedAt && target !== undefined && starting.includes(target)) return { kind: 'canary' }
  if (target === 'ACTIVE' || target === 'DEGRADED') return { kind: 'complete' }
  if (target === undefined || isBeforeCode(target) || (verb === 'rollback' && target === 'STOPPED'))
    return { kind: 'resume' }
  const { version } = to
  const why = isTransient(target)
    ? because('change_interrupted', { version, state: target })
    : because('change_ended', { verb, version, state: target })
  return { kind: 'compensate', why }
}

/**
 * Starts of the generation in a row that never came to an end. None of one that has served: then the host is as likely killed from
 * outside while it starts, and safe mode tells.
 * @param rows of its plugin, newest first
 */
export function interruptedStarts(rows: readonly JournalRow[], key: GenerationKey): number {
  const own = rows.filter((row) => row.digest === key.digest && row.configRevision === key.configRevision)
  if (own.some((row) => row.to === 'ACTIVE')) return 0
  const end = own.findIndex((row) => !starting.includes(row.to))
  return own.slice(0, end === -1 ? own.length : end).filter((row) => row.to === 'STARTING').length
}
