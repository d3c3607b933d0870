import type { ClientSession, Collection, Document } from 'mongodb'
import type { DataPort, RegionId } from '@dcesop/sdk-plugin'
import type { DiagnosisDocument } from './diagnosis/document.ts'
import type { FocusDocument } from './focus/focus.ts'
import type { IncidentDocument } from './issues/incident.ts'
import type { IssueDocument } from './issues/issue.ts'
import type { LatestDocument } from './series/latest.ts'
import type { RollUpDocument } from './series/roll-up-document.ts'
import type { SampleDocument } from './series/sample.ts'

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
