import { distrust } from '../trust-error.ts'
import { entryHash, type LogEntry } from '../log/log-entry.ts'
import { verifyInclusion } from '../log/verify-proof.ts'
import { parsePayload } from './payload.ts'
import type { Snapshot } from './snapshot.ts'

/** That a version's publish is in the log of the snapshot beside it. */
export interface LogProof {
  readonly seq: number
  /** The entry as it was logged. */
  readonly entry: string
  /** Hashes in hex. */
  readonly proof: readonly string[]
}

/** Kind of the entry with which a version begins. */
export const publishedKind = 'version.published'

/**
 * @param id `name@version`
 * @throws TrustError when the proof is missing, is of another version or bytes, or does not lead to the log that the snapshot signs
 */
export function checkPublishProof(
  proof: unknown,
  { id, integrity }: { readonly id: string; readonly integrity: string },
  { logSize, logRoot }: Pick<Snapshot, 'logSize' | 'logRoot'>,
): LogProof {
  const found = logProofOf(proof)
  if (!found) throw distrust('malformed', 'bundle.unproven', { id })
  const what = { id: 'what.entry', params: { id } } as const
  const { seq, kind, subject, body } = parsePayload<LogEntry>(Buffer.from(found.entry), what, [])
  if (seq !== found.seq || kind !== publishedKind || subject !== id || body?.['integrity'] !== integrity)
    throw distrust('other_subject', 'bundle.entry', { id })
  const isIn = verifyInclusion({
    index: seq,
    size: logSize,
    leaf: entryHash(found.entry),
    proof: found.proof.map((hash) => Buffer.from(hash, 'hex')),
    root: Buffer.from(logRoot, 'hex'),
  })
  if (!isIn) throw distrust('log_altered', 'bundle.unlogged', { id })
  return found
}

function logProofOf(value: unknown): LogProof | undefined {
  const { seq, entry, proof } = (value ?? {}) as Record<string, unknown>
  const isProof =
    Array.isArray(proof) && proof.length <= 64 && proof.every((hash) => /^[0-9a-f]{64}$/.test(String(hash)))
  return typeof seq === 'number' && typeof entry === 'string' && isProof ? { seq, entry, proof } : undefined
}
