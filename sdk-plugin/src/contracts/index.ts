export type {
  CustomersDirectory,
  PlanPromise,
  ServiceChanged,
  ServiceRecord,
  Technology,
} from './customers-directory.ts'
export { customer360ContextSchema } from './customer-360-schema.ts'
export type { Customer360Context, TimelineEntry, TimelineEntryAdded } from './customer-360.ts'
export {
  containerName,
  type FeedExtension,
  type FeedKey,
  type FeedPage,
  type FeedPlugin,
  type FeedPoint,
  type FeedUnavailable,
  isUiDirectory,
  type SignedFeed,
  signedBytes,
  uiDirectory,
  type UiFeed,
} from './feed.ts'
export { type IconName, iconNames } from './icon-names.ts'
export { type IncidentKind, incidentKinds, type IncidentReport } from './incidents.ts'
export { reservedPaths } from './page-paths.ts'
export type { ApprovalEvidence, DecisionState, RegionDecision, ReleaseEvidence } from './releases.ts'
export { type Role, roles } from './roles.ts'
export { uiBudget } from './ui-budget.ts'
export { holdsWhen, parseWhen, type When, type WhenScope } from './when/index.ts'
