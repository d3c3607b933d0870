import { metrics } from '../metrics/catalogue.ts'
import type { IssueDocument } from '../issues/issue.ts'
import { levelMessageId } from './messages.ts'

/** An issue as routes and realtime messages show it. */
export function issueView(issue: IssueDocument): Record<string, unknown> {
  const { _id, expireAt: _internal, elementId: _element, customerId: _customer, ...shown } = issue
  return {
    id: _id,
    ...shown,
    unit: metrics[issue.metric].unit,
    messageId: levelMessageId(issue.metric, issue.severity, issue.evidence.worst, issue.evidence.threshold),
  }
}
