import type { IncomingHttpHeaders } from 'node:http'

/** Whether a write may replace the revision that is there; 0 for none. */
export type WriteCondition = (revision: number) => boolean

/** hapi appends the encoding to an entity tag when it compresses: "3-gzip" is still revision 3. */
const tag = /(W\/)?"(?:(\d{1,9})(?:-\w+)?|[^"]*)"/g

/**
 * What `If-Match` and `If-None-Match` ask of a write, where the tag is the revision; undefined when they ask nothing. The first compares
 * strongly: a weak tag is no revision that is there (RFC 9110, 13.1.1 and 13.1.2).
 */
export function writeCondition(headers: IncomingHttpHeaders): WriteCondition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  if (match === undefined && noneMatch === undefined) return undefined
  const isAsked = match === undefined ? () => true : among(match, false)
  const isRefused = noneMatch === undefined ? () => false : among(noneMatch, true)
  return (revision) => isAsked(revision) && !isRefused(revision)
}

function among(header: string, weak: boolean): WriteCondition {
  if (header.trim() === '*') return (revision) => revision > 0
  const tags = [...header.matchAll(tag)].filter(([, isWeak]) => weak || isWeak === undefined)
  const revisions = new Set(tags.map(([, , revision]) => Number(revision)))
  return (revision) => revision > 0 && revisions.has(revision)
}
