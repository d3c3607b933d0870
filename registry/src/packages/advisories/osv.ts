import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { isObject, type Json } from '@dcesop/sdk-plugin/host'
import type { AdvisoryDocument } from '../../storage/documents.ts'

/**
 * What an OSV record (https://ossf.github.io/osv-schema/) says about packages of npm, one document for each package.
 * @throws Problem 400 for a record without id or with a version that is no semver
 */
export function advisoriesOf(record: unknown): AdvisoryDocument[] {
  if (!isObject(record) || typeof record['id'] !== 'string' || record['id'] === '' || !record['id'].isWellFormed())
    throw new Problem(400, 'invalid_request', 'An OSV record needs an "id".')
  const { id } = record
  const wrong = (['affected', 'references'] as const).find((member) => !isList(record[member]))
  if (wrong !== undefined) throw refused(id, `has "${wrong}" that is no list of objects`)
  if (record['withdrawn'] !== undefined) return []
  const affected = listOf(record['affected']).filter(({ package: of }) => isObject(of) && of['ecosystem'] === 'npm')
  return affected.flatMap((entry) => {
    const { name } = entry['package'] as Json
    if (typeof name !== 'string') throw refused(id, 'is about a package without a name')
    const other = (['ranges', 'versions'] as const).find((member) => !isList(entry[member], member === 'versions'))
    if (other !== undefined) throw refused(id, `has "${other}" that is no list`)
    const vulnerable = [...listOf(entry['ranges']).map(rangeOf), ...versionsOf(entry['versions'])]
      .filter(Boolean)
      .join(' || ')
    if (vulnerable === '') return []
    if (semver.validRange(vulnerable) === null) throw refused(id, 'has a version that is no semver')
    return [{ ...about(record, id), _id: `${id} ${name}`, package: name, vulnerable }]
  })
}

function about(record: Json, id: string) {
  const specific = isObject(record['database_specific']) ? record['database_specific'] : {}
  const references = listOf(record['references']).flatMap(({ url }) => (typeof url === 'string' ? [url] : []))
  const { summary } = record
  return {
    severity: severityOf(specific['severity']),
    title: (typeof summary === 'string' ? summary : id).slice(0, 500),
    url:
      references.find((url) => /^https?:\/\//.test(url)) ?? `https://osv.dev/vulnerability/${encodeURIComponent(id)}`,
    cwe: [specific['cwe_ids']].flat().filter((cwe) => typeof cwe === 'string'),
  }
}

/** Events in order: what was introduced stays until it was fixed, or was last affected. */
function rangeOf({ type, events }: Json): string {
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return ''
  const ranges: string[] = []
  let open: string | undefined
  for (const { introduced, fixed, last_affected: last } of listOf(events)) {
    if (typeof introduced === 'string') open = introduced === '0' ? '>=0.0.0-0' : `>=${introduced}`
    else if (open !== undefined) {
      ranges.push(
        typeof fixed === 'string' ? `${open} <${fixed}` : `${open} <=${typeof last === 'string' ? last : 'none'}`,
      )
      open = undefined
    }
  }
  if (open !== undefined) ranges.push(open)
  return ranges.join(' || ')
}

function versionsOf(versions: unknown): string[] {
  return [versions].flat().filter((version) => typeof version === 'string')
}

function severityOf(value: unknown): AdvisoryDocument['severity'] {
  const known: Record<string, AdvisoryDocument['severity']> = {
    LOW: 'low',
    MODERATE: 'moderate',
    MEDIUM: 'moderate',
    HIGH: 'high',
    CRITICAL: 'critical',
  }
  return (typeof value === 'string' ? known[value.toUpperCase()] : undefined) ?? 'moderate'
}

/** Of objects, or of texts, or not there: what would be left out silently could be a grave one. */
function isList(value: unknown, ofTexts = false): boolean {
  if (value === undefined || value === null) return true
  const fits = (one: unknown) => (ofTexts ? typeof one === 'string' : isObject(one))
  return Array.isArray(value) && value.every(fits)
}

function refused(id: string, why: string): Problem {
  return new Problem(400, 'invalid_request', `OSV record ${id.slice(0, 100)} ${why}.`)
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
