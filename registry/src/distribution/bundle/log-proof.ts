import { entryHash, type Snapshot, TrustError, verifyInclusion } from '@dcesop/sdk-plugin/signing'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'

/** That a version's publish is in the log of the snapshot beside it. */
export interface LogProof {
  readonly seq: number
  /** The entry as it was logged. */
  readonly entry: string
  /** Hashes in hex. */
  readonly proof: readonly string[]
}

interface PublishEntry {
  readonly seq: number
  readonly kind: string
  readonly subject: string
  readonly body: { readonly integrity?: string }
}

const published = 'version.published'

/** @param id `name@version` @param size of the log that the snapshot signs */
export async function proofOfPublish(log: TransparencyLog, id: string, size: number): Promise<LogProof> {
  const entry = await log.first({ subject: id, kind: published })
  if (entry === undefined) throw new Error(`The log has no entry about the publish of ${id}.`)
  const { seq } = JSON.parse(entry) as PublishEntry
  const proof = await log.inclusion(seq, size)
  return { seq, entry, proof: proof.map((hash) => hash.toString('hex')) }
}

/** @throws TrustError when the proof is missing, is of another version or bytes, or does not lead to the log that the snapshot signs */
export function checkProof(
  proof: unknown,
  { id, integrity }: { readonly id: string; readonly integrity: string },
  { logSize, logRoot }: Snapshot,
): LogProof {
  const found = logProofOf(proof)
  if (!found) throw new TrustError('malformed', `The bundle has no proof that the publish of ${id} was logged.`)
  const { seq, kind, subject, body } = entryIn(found.entry)
  if (seq !== found.seq || kind !== published || subject !== id || body?.integrity !== integrity)
    throw new TrustError('other_subject', `The entry of the log is not about the publish of these bytes of ${id}.`)
  const isIn = verifyInclusion({
    index: seq,
    size: logSize,
    leaf: entryHash(found.entry),
    proof: found.proof.map((hash) => Buffer.from(hash, 'hex')),
    root: Buffer.from(logRoot, 'hex'),
  })
  if (!isIn) throw new TrustError('log_altered', `The publish of ${id} is not in the log that the snapshot signs.`)
  return found
}

function entryIn(text: string): Partial<PublishEntry> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<PublishEntry>
  } catch (error) {
    throw new TrustError('malformed', `An entry of the log in the bundle cannot be read: ${(error as Error).message}.`)
  }
}

function logProofOf(value: unknown): LogProof | undefined {
  const { seq, entry, proof } = (value ?? {}) as Record<string, unknown>
  const isProof =
    Array.isArray(proof) && proof.length <= 64 && proof.every((hash) => /^[0-9a-f]{64}$/.test(String(hash)))
  return typeof seq === 'number' && typeof entry === 'string' && isProof ? { seq, entry, proof } : undefined
}
