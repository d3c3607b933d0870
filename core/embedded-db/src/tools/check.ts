import { problemsOf, verifyStore } from '../engine/verify-store.ts'
import type { StoreReport } from '../engine/verify-store.ts'
import { openEngine } from '../engine/open.ts'
import { openExisting } from './offline.ts'

/** The report of a whole check; a check without problems also clears the mark of an unclean stop. */
export async function check(path: string): Promise<{ report: StoreReport; problems: string[] }> {
  const folder = openExisting(path)
  const { engine, close } = openEngine(folder, 'commit')
  let clean = false
  try {
    const report = await verifyStore(engine)
    const problems = problemsOf(report)
    clean = problems.length === 0
    return { report, problems }
  } finally {
    await close({ clean })
  }
}

/** The report as people read it. */
export function textOf({ report, problems }: { report: StoreReport; problems: readonly string[] }): string {
  const rows = report.collections.map(({ namespace, records, keysPerIndex, errors }) => {
    const indexes = Object.entries(keysPerIndex).map(([name, keys]) => `${name} ${keys}`)
    return `${errors.length === 0 ? 'ok     ' : 'DAMAGED'} ${namespace}: ${records} documents; keys: ${indexes.join(', ')}`
  })
  const leftovers = report.leftovers.length
  return [
    ...rows,
    `views: ${report.views}; oplog entries: ${report.oplogEntries}; sessions: ${report.sessions}`,
    ...(leftovers > 0
      ? [`${leftovers} tables of dropped collections or unfinished builds, cleared at the next start`]
      : []),
    ...problems.map((problem) => `problem: ${problem}`),
    problems.length === 0 ? 'everything agrees' : `${problems.length} problems`,
  ].join('\n')
}
