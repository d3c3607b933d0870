import { distrust, type Snapshot, verifyConsistency } from '@dcesop/sdk-plugin/signing'

/** The registry's proof that its log of one size begins with that of a smaller one. @param from, to sizes */
export type ProofOf = (from: number, to: number) => Promise<readonly Buffer[]>

/** A registry that tells this host another history than it told before is not believed. @throws TrustError `log_altered` */
export async function requireGrowth(before: Snapshot, after: Snapshot, proofOf: ProofOf): Promise<void> {
  const { logSize: smaller, logRoot: smallerRoot } = before
  const { logSize: larger, logRoot: largerRoot } = after
  const grows = larger >= smaller
  const proof = grows && larger > smaller && smaller > 0 ? await proofOf(smaller, larger) : []
  const roots = { smallerRoot: Buffer.from(smallerRoot, 'hex'), largerRoot: Buffer.from(largerRoot, 'hex') }
  if (grows && verifyConsistency({ smaller, larger, ...roots, proof })) return
  throw distrust('log_altered', 'log.growth', { after: after.number, larger, before: before.number, smaller })
}
