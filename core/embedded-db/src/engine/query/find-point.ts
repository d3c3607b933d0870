import { compileProjection } from '../../projection/index.ts'
import type { Collection } from '../collection.ts'
import { ListSource } from './batch.ts'
import type { FindOptions } from './open-find.ts'
import { pointLookup } from './point-lookup.ts'
import type { ReadSource } from './read-source.ts'

/** A find that one lookup answers; undefined when it asks for anything that takes a plan. */
export function findPoint(options: FindOptions, collection: Collection, source: ReadSource): ListSource | undefined {
  const { filter, projection, sort, skip, hint, collator, bounds, keyed } = options
  if (sort || skip || hint !== undefined || collator || bounds?.min || bounds?.max || keyed) return undefined
  const found = pointLookup(collection, source.reader, filter)
  if (!found) return undefined
  const project = compileProjection(projection, { filter, let: options.let, now: new Date() })
  const bytes = found.hit?.bytes
  return new ListSource(bytes ? [project ? project(bytes) : bytes] : [])
}
