import { createHash } from 'node:crypto'
import { Problem } from '../backend/problem.ts'

/** hapi names what it packs by the tag of the plain bytes and the coding. */
const packed = /-(?:gzip|deflate|br)"$/

/** Of what somebody decides on: the same as long as nothing of it changed. Goes into `If-Match` in quotes. */
export function tagOf(state: unknown): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 32)
}

/**
 * Holds a change to the state that it was decided on (RFC 9110, 13.1.1): a tag counts only as a strong one.
 * @param ifMatch the header; without one everything is as wanted
 * @param tag of what is there, without quotes; undefined for nothing
 * @param detail said to who comes too late
 * @throws Problem 412 `precondition_failed`
 */
export function requireMatch(ifMatch: string | undefined, tag: string | undefined, detail: string): void {
  if (ifMatch === undefined) return
  const wanted = ifMatch.split(',').map((one) => one.trim().replace(packed, '"'))
  if (tag !== undefined && (wanted.includes('*') || wanted.includes(`"${tag}"`))) return
  throw new Problem(412, 'precondition_failed', detail)
}
