import { type LogProof, publishedKind } from '@dcesop/sdk-plugin/signing'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'

/** @param id `name@version` @param size of the log that the snapshot signs */
export async function proofOfPublish(log: TransparencyLog, id: string, size: number): Promise<LogProof> {
  const entry = await log.first({ subject: id, kind: publishedKind })
  if (entry === undefined) throw new Error(`The log has no entry about the publish of ${id}.`)
  const { seq } = JSON.parse(entry) as { readonly seq: number }
  const proof = await log.inclusion(seq, size)
  return { seq, entry, proof: proof.map((hash) => hash.toString('hex')) }
}
