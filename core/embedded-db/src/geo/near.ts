import type { Document } from 'bson'
import { describe } from '../values/document.ts'
import { type FieldPredicate, leafPredicate } from '../match/predicate.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { compilePath } from '../values/paths.ts'
import type { Sorter } from '../values/sort.ts'
import { isObject } from '../values/types.ts'
import { flatPoint, type Geometry, isGeoJson, parseGeometry, storedGeometry } from './geometry.ts'
import { angleTo } from './relations.ts'
import { asQuery, badGeometry, queryGeoJson } from './shapes.ts'
import { EARTH_RADIUS, type Vector } from './sphere.ts'

/** What $near or $nearSphere asks of a field. */
export interface Near {
  /** The kinds of index that it can use. */
  indexes: readonly string[]
  /** The distance of a value that is neither too near nor too far. */
  distanceOf(value: unknown): number | undefined
}

/** A $near of a find, bound to its path: the index that it needs, and the order that it gives. */
export interface NearOrder {
  path: string
  indexes: readonly string[]
  sorter: Sorter
}

const NAMES = ['$near', '$nearSphere'] as const

function limit(name: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  const number = isNumeric(value) ? toNumber(value) : Number.NaN
  if (!(number >= 0)) throw badGeometry(`${name} must be non-negative`)
  return number
}

function sphericalDistance(geometry: Geometry, unit: number): (stored: Geometry) => number | undefined {
  const [part] = geometry.parts ?? []
  if (geometry.parts === undefined) throw badGeometry('Legacy point is out of bounds for spherical query')
  if (!part || geometry.type !== 'Point')
    throw badGeometry('invalid point in geo near query $geometry argument: it must be a Point')
  const at = part.vertices[0] as Vector
  return (stored) => {
    const angle = angleTo(at, stored)
    return angle === undefined ? undefined : angle * unit
  }
}

function flatDistance([x, y]: readonly [number, number]): (stored: Geometry) => number | undefined {
  return ({ flat }) => flat && Math.hypot(flat[0] - x, flat[1] - y)
}

function near(
  distance: (stored: Geometry) => number | undefined,
  indexes: readonly string[],
  bounds: { min: unknown; max: unknown },
): Near {
  const least = limit('$minDistance', bounds.min, 0)
  const most = limit('$maxDistance', bounds.max, Number.POSITIVE_INFINITY)
  return {
    indexes,
    distanceOf: (value) => {
      const stored = storedGeometry(value)
      const found = stored && distance(stored)
      return found !== undefined && found >= least && found <= most ? found : undefined
    },
  }
}

/** From a GeoJSON point in metres, from a legacy pair in radians or in the plane. @throws CommandError 2 */
export function nearPoint(point: unknown, spherical: boolean, bounds: { min: unknown; max: unknown }): Near {
  const geometry = asQuery(() => parseGeometry(point))
  if (isGeoJson(point)) return near(sphericalDistance(geometry, EARTH_RADIUS), ['2dsphere'], bounds)
  return spherical
    ? near(sphericalDistance(geometry, 1), ['2d', '2dsphere'], bounds)
    : near(flatDistance(asQuery(() => flatPoint(point))), ['2d'], bounds)
}

/** `{ $near: [x, y], $maxDistance }`, or `{ $near: { $geometry, $maxDistance, $minDistance } }`. @throws CommandError 2 */
function parseNear(operators: Document): Near {
  const name = NAMES.find((one) => one in operators) as (typeof NAMES)[number]
  const operand: unknown = operators[name]
  if (isObject(operand) && '$geometry' in operand) {
    const extra = Object.keys(operators).find((other) => other !== name)
    if (extra)
      throw badGeometry(
        `geo near accepts just one argument when querying for a GeoJSON point. Extra field found: ${extra}: ${describe(operators[extra])}`,
      )
    const distance = sphericalDistance(queryGeoJson(operand.$geometry), EARTH_RADIUS)
    return near(distance, ['2dsphere'], { min: operand.$minDistance, max: operand.$maxDistance })
  }
  const third: unknown = Array.isArray(operand) ? operand[2] : undefined
  const bounds = { min: operators.$minDistance as unknown, max: (operators.$maxDistance ?? third) as unknown }
  return nearPoint(operand, name === '$nearSphere', bounds)
}

/** The nearest place at a path of a document, and how far it is. */
export function nearestAt(
  path: string,
  { distanceOf }: Near,
): (document: Document) => { distance: number; at: unknown } {
  const visit = compilePath(path, true)
  return (document) => {
    const nearest = { distance: Number.POSITIVE_INFINITY, at: undefined as unknown }
    visit(document, (value) => {
      const distance = distanceOf(value)
      if (distance !== undefined && distance < nearest.distance) Object.assign(nearest, { distance, at: value })
      return false
    })
    return nearest
  }
}

/** Whether some place at the path is neither too near nor too far; the order is the business of {@link nearOrder}. */
export function nearPredicate(operators: Document): FieldPredicate {
  const { distanceOf } = parseNear(operators)
  return leafPredicate((value) => distanceOf(value) !== undefined)
}

function nearClauses(filter: Document): [string, Document][] {
  return Object.entries(filter).flatMap(([name, operand]: [string, unknown]): [string, Document][] => {
    if (name === '$and' && Array.isArray(operand)) return (operand as Document[]).flatMap(nearClauses)
    return !name.startsWith('$') && isObject(operand) && NAMES.some((one) => one in operand) ? [[name, operand]] : []
  })
}

/** The order that the $near of a filter gives. @throws CommandError 2 unless it is the only one and at the top */
export function nearOrder(filter: Document, found: number): NearOrder {
  const [clause, another] = nearClauses(filter)
  if (another || found > 1) throw badGeometry('Too many geoNear expressions')
  if (!clause) throw badGeometry('geo $near must be top-level expr')
  const [path, operators] = clause
  const parsed = parseNear(operators)
  const nearest = nearestAt(path, parsed)
  return {
    path,
    indexes: parsed.indexes,
    sorter: {
      keyOf: (document) => [nearest(document).distance],
      compareKeys: ([a], [b]) => (a as number) - (b as number) || 0,
    },
  }
}
