import type { ClientSession } from 'mongodb'
import type { Stores } from '../stores.ts'
import type { IssueDocument } from './issue.ts'

/** Writes issues in their newest state; ended ones get the day on which they are forgotten. */
export async function saveIssues(
  stores: Stores,
  issues: readonly IssueDocument[],
  options: { readonly keepDays: number; readonly session: ClientSession },
): Promise<void> {
  if (issues.length === 0) return
  await stores.issues.bulkWrite(
    issues.map(({ _id, ...issue }) => ({
      replaceOne: {
        filter: { _id },
        replacement:
          issue.endedAt === null
            ? issue
            : { ...issue, expireAt: new Date(issue.endedAt.getTime() + options.keepDays * 86_400_000) },
        upsert: true,
      },
    })),
    { session: options.session },
  )
}

/** Issues of a customer, newest first; with `openOnly` those that have not ended. */
export async function issuesOf(
  stores: Stores,
  customerId: string,
  options: { readonly openOnly: boolean; readonly limit: number },
): Promise<IssueDocument[]> {
  return stores.issues
    .find({ customerId, ...(options.openOnly ? { endedAt: null } : {}) })
    .sort({ startedAt: -1, _id: 1 })
    .limit(options.limit)
    .toArray()
}
