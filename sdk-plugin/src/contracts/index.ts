export type {
  CustomersDirectory,
  PlanPromise,
  ServiceChanged,
  ServiceRecord,
  Technology,
} from './customers-directory.ts'
export type { Customer360Context, TimelineEntry, TimelineEntryAdded } from './customer-360.ts'
