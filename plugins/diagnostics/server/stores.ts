import type { ClientSession, Collection, Document, IndexDescription } from 'mongodb'
import type { DataPort, RegionId } from '@dcesop/sdk-plugin'
import type { DiagnosisDocument } from './diagnosis/document.ts'
import type { FocusDocument } from './focus/focus.ts'
import type { IncidentDocument } from './issues/incident.ts'
import type { IssueDocument } from './issues/issue.ts'
import type { LatestDocument } from './series/latest.ts'
import type { RollUpDocument } from './series/roll-up-document.ts'
import type { SampleDocument } from './series/sample.ts'
import type { Retention } from './config.ts'

/** The collections of one region. */
export interface Stores {
  readonly region: RegionId
  readonly samples: Collection<SampleDocument>
  readonly minutes: Collection<RollUpDocument>
  readonly hours: Collection<RollUpDocument>
  readonly days: Collection<RollUpDocument>
  readonly latest: Collection<LatestDocument>
  readonly focus: Collection<FocusDocument>
  readonly issues: Collection<IssueDocument>
  readonly incidents: Collection<IncidentDocument>
  readonly diagnoses: Collection<DiagnosisDocument>
  readonly progress: Collection<{ _id: string; at: Date }>
  /** All or nothing, and one commit for many writes. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>
}

/** Opens the collections of a region through the data port, whose handles are the driver's. */
export function openStores(data: DataPort, region: RegionId): Stores {
  const port = data.region(region)
  const open = <T extends Document>(name: string): Collection<T> =>
    port.collection(`diagnostics_${name}`) as unknown as Collection<T>
  return {
    region,
    samples: open('samples'),
    minutes: open('minutes'),
    hours: open('hours'),
    days: open('days'),
    latest: open('latest'),
    focus: open('focus'),
    issues: open('issues'),
    incidents: open('incidents'),
    diagnoses: open('diagnoses'),
    progress: open('progress'),
    transaction: (work) => port.transaction(work),
  }
}

const hour = 3600
const day = 24 * hour

/** Creates the indexes that the queries of this plugin need; those that are there already stay. */
export async function createIndexes(stores: Stores, retention: Retention): Promise<void> {
  const expiring = (field: string, seconds: number): IndexDescription => ({
    key: { [field]: 1 },
    expireAfterSeconds: seconds,
  })
  await stores.samples.createIndexes([
    { key: { serviceId: 1, at: -1 } },
    { key: { ingestedAt: 1 } },
    expiring('at', retention.rawHours * hour),
  ])
  await stores.minutes.createIndexes([expiring('start', retention.minuteDays * day)])
  await stores.hours.createIndexes([expiring('start', retention.hourDays * day)])
  await stores.days.createIndexes([expiring('start', retention.dayDays * day)])
  await stores.latest.createIndexes([{ key: { elementId: 1 } }, { key: { level: 1, site: 1 } }])
  await stores.focus.createIndexes([expiring('until', 0)])
  await stores.issues.createIndexes([
    { key: { customerId: 1, startedAt: -1 } },
    { key: { serviceId: 1, metric: 1, startedAt: -1 } },
    { key: { endedAt: 1, elementId: 1 } },
    expiring('expireAt', 0),
  ])
  await stores.incidents.createIndexes([
    { key: { elementIds: 1, endedAt: 1 } },
    { key: { endedAt: 1, startedAt: -1 } },
    expiring('expireAt', 0),
  ])
  await stores.diagnoses.createIndexes([{ key: { customerId: 1, startedAt: -1 } }, expiring('expireAt', 0)])
}
