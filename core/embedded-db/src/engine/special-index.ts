import { Int32 } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { geoIndexCheck } from '../geo/index-values.ts'
import { isTruthy } from '../values/truthy.ts'
import { isObject } from '../values/types.ts'

const isGeo = (kind: unknown): boolean => kind === '2d' || kind === '2dsphere'

export const isWildcard = (path: string): boolean => path === '$**' || path.endsWith('.$**')

/** The kinds, besides directions, that a field of an index may have. */
export const isFieldKind = (kind: string): boolean => kind === 'hashed' || isGeo(kind)

function cannotCreate(message: string): CommandError {
  return new CommandError(67, 'CannotCreateIndex', message)
}

/** Errors: 16800 where a 2d field is not the first, 238 for a unique index. */
function geoOptions(given: Document, kinds: readonly unknown[]): Document {
  if (isTruthy(given.unique) || isTruthy(given.prepareUnique)) throw notImplemented('a unique geospatial index')
  if (kinds.includes('2d')) {
    if (kinds[0] !== '2d') throw new CommandError(16800, 'Location16800', '2d has to be first in index')
    return Object.fromEntries(['bits', 'min', 'max'].flatMap((name) => (name in given ? [[name, given[name]]] : [])))
  }
  return { '2dsphereIndexVersion': (given['2dsphereIndexVersion'] as unknown) ?? new Int32(3) }
}

function wildcardOptions(given: Document, wildcards: readonly string[]): Document {
  if (wildcards.length > 1) throw cannotCreate('wildcard indexes do not allow multiple wildcards')
  for (const option of ['unique', 'sparse'])
    if (isTruthy(given[option])) throw cannotCreate(`Index type 'wildcard' does not support the ${option} option`)
  if (given.expireAfterSeconds !== undefined) throw cannotCreate("Index type 'wildcard' cannot make a TTL index")
  const projection: unknown = given.wildcardProjection
  if (projection === undefined) return {}
  if (!isObject(projection))
    throw new CommandError(14, 'TypeMismatch', "The field 'wildcardProjection' must be a non-empty object")
  if (Object.keys(projection).length === 0)
    throw new CommandError(9, 'FailedToParse', "The 'wildcardProjection' field can't be an empty object")
  if (wildcards[0] !== '$**')
    throw new CommandError(
      9,
      'FailedToParse',
      "The field 'wildcardProjection' is only allowed when 'key' is {\"$**\": ±1}",
    )
  return { wildcardProjection: projection }
}

/** What an index without keys shows besides its key. */
export function specialOptions(given: Document): Document {
  const key = given.key as Document
  const wildcards = Object.keys(key).filter(isWildcard)
  if (wildcards.length > 0) return wildcardOptions(given, wildcards)
  if (given.wildcardProjection !== undefined)
    throw new CommandError(2, 'BadValue', "The field 'wildcardProjection' is only allowed in an 'wildcard' index")
  const kinds = Object.values(key) as unknown[]
  return kinds.some(isGeo) ? geoOptions(given, kinds) : {}
}

/** What an index without keys demands of documents, a wildcard index nothing; undefined for an index with keys. */
export function specialCheck(spec: Document): ((document: Document) => void) | undefined {
  return Object.keys(spec.key as Document).some(isWildcard) ? () => undefined : geoIndexCheck(spec)
}
