export { type Envelope, envelopeOf, openEnvelope, signEnvelope } from './dsse.ts'
export { keyIdOf, newPublisherKey, readPrivateKey, readPublicKeys } from './keys.ts'
export {
  fileListType,
  type PublisherSignature,
  publisherEnvelope,
  publisherSignature,
  signatureFindings,
  signFiles,
} from './publisher-signature.ts'
export { clockSkewMs, distrust, inEnglish, TrustError, type TrustFault } from './trust-error.ts'
export type { ToldTrust } from './trust-text.ts'
export { entryHash, entryText, type LogEntry, noEntryBefore } from './log/log-entry.ts'
export {
  appendLeaf,
  consistencyProof,
  emptyFrontier,
  type Frontier,
  inclusionProof,
  type ReadNode,
  rootOf,
  type TreeNode,
} from './log/merkle.ts'
export { type LogHead, verifyLog } from './log/verify-log.ts'
export { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from './log/verify-proof.ts'
export { type Approval, type ApprovedSubject, openApproval, signApproval } from './registry/approval.ts'
export {
  type KeyList,
  keyListType,
  type KeyRole,
  keyRoles,
  type ListedKey,
  openKeyList,
  signKeyList,
  TrustedKeys,
} from './registry/key-list.ts'
export {
  checkPackageSignature,
  type PackageSignature,
  type SignedPackage,
  signPackage,
} from './registry/package-signature.ts'
export { type InstanceFeed, type OfferedUi, openInstanceFeed, signInstanceFeed } from './registry/instance-feed.ts'
export { openLogHead, type SignedLogHead, signLogHead } from './registry/signed-head.ts'
export {
  openSnapshot,
  type PublisherKey,
  signSnapshot,
  type Snapshot,
  type SnapshotPackage,
  type SnapshotVersion,
  type Yank,
  type YankClass,
} from './registry/snapshot.ts'
export {
  type BundledPackage,
  type BundleIndex,
  type BundleOptions,
  bundlePaths,
  openBundle,
  type OpenedBundle,
  tarballPath,
} from './registry/bundle.ts'
export { type LogProof, publishedKind } from './registry/publish-proof.ts'
export { readBundle } from './registry/bundle-archive.ts'
