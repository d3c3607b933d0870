import type { Document } from 'bson'
import { describe } from '../values/document.ts'
import { CommandError } from '../errors.ts'
import { type FieldPredicate, leafPredicate } from '../match/predicate.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import {
  flatPoint,
  type Geometry,
  GeometryError,
  isGeoJson,
  isOnSphere,
  parseGeoJson,
  storedGeometry,
} from './geometry.ts'
import { geometriesMeet, liesAround, liesWithin, polygonsOf } from './relations.ts'
import { unitVector } from './sphere.ts'

type Point = readonly [number, number]
type GeometryTest = (geometry: Geometry) => boolean

export function badGeometry(message: string): CommandError {
  return new CommandError(2, 'BadValue', message)
}

/** Runs a parser; a value that is no geometry is a mistake of the query. */
export function asQuery<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof GeometryError) throw badGeometry(error.message)
    throw error
  }
}

/** A test of points in the plane. */
function inPlane(test: (point: Point) => boolean): GeometryTest {
  return ({ flat }) => flat !== undefined && test(flat)
}

function box(operand: unknown): GeometryTest {
  const corners: unknown[] = Array.isArray(operand) ? operand : isObject(operand) ? Object.values(operand) : []
  if (corners.length !== 2) throw badGeometry('Box must have exactly two corners')
  const [ax, ay] = flatPoint(corners[0])
  const [bx, by] = flatPoint(corners[1])
  const [left, right, low, high] = [Math.min(ax, bx), Math.max(ax, bx), Math.min(ay, by), Math.max(ay, by)]
  return inPlane(([x, y]) => x >= left && x <= right && y >= low && y <= high)
}

function circle(operand: unknown): { centre: Point; radius: number } {
  const [centre, radius] = Array.isArray(operand) ? (operand as unknown[]) : []
  const size = isNumeric(radius) ? toNumber(radius) : Number.NaN
  if (!(size >= 0)) throw badGeometry('radius must be a non-negative number')
  return { centre: flatPoint(centre), radius: size }
}

function centre(operand: unknown): GeometryTest {
  const {
    centre: [x, y],
    radius,
  } = circle(operand)
  return inPlane((point) => Math.hypot(point[0] - x, point[1] - y) <= radius)
}

function centreSphere(operand: unknown): GeometryTest {
  const { centre: middle, radius } = circle(operand)
  if (!isOnSphere(middle)) throw badGeometry(`Spherical circle has an invalid center: ${describe(operand)}`)
  const at = unitVector(...middle)
  return (geometry) => liesAround(geometry, at, radius)
}

function onSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): boolean {
  const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
  return turn === 0 && (x - ax) * (x - bx) <= 0 && (y - ay) * (y - by) <= 0
}

function polygon(operand: unknown): GeometryTest {
  const items: unknown[] = Array.isArray(operand) ? operand : isObject(operand) ? Object.values(operand) : []
  if (items.length < 3) throw badGeometry('Polygon must have at least 3 points')
  const points = items.map(flatPoint)
  return inPlane((point) => {
    const [x, y] = point
    let inside = false
    for (let i = 0; i < points.length; i++) {
      const a = points[i] as Point
      const b = points[(i + 1) % points.length] as Point
      if (onSegment(point, a, b)) return true
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
    }
    return inside
  })
}

/** The GeoJSON under `$geometry`. @throws CommandError 2 */
export function queryGeoJson(value: unknown): Geometry {
  if (!isGeoJson(value)) throw badGeometry(`unknown geo specifier: $geometry: ${describe(value)}`)
  return asQuery(() => parseGeoJson(value))
}

function polygonGeometry(operand: unknown): GeometryTest {
  const polygons = polygonsOf(queryGeoJson(operand))
  if (!polygons || (operand as Document).type === 'GeometryCollection')
    throw badGeometry(`$geoWithin not supported with provided geometry: ${describe({ $geometry: operand })}`)
  return (geometry) => liesWithin(geometry, polygons)
}

const SHAPES: Record<string, (operand: unknown) => GeometryTest> = {
  $geometry: polygonGeometry,
  $box: box,
  $center: centre,
  $centerSphere: centreSphere,
  $polygon: polygon,
}

function predicate(test: GeometryTest): FieldPredicate {
  return leafPredicate((value) => {
    const geometry = storedGeometry(value)
    return geometry !== undefined && test(geometry)
  })
}

/** The one shape that a geo operator is given; `$uniqueDocs` says nothing any more. */
function shapeOf(operand: unknown): [string, unknown] {
  const shapes = isObject(operand) ? Object.entries(operand).filter(([name]) => name !== '$uniqueDocs') : []
  const [shape] = shapes
  if (!shape || shapes.length > 1) throw badGeometry(`geometry must be an object with one shape: ${describe(operand)}`)
  return shape as [string, unknown]
}

export function geoWithin(operand: unknown): FieldPredicate {
  const [name, shape] = shapeOf(operand)
  const compile = SHAPES[name]
  if (!compile) throw badGeometry(`unknown geo specifier: ${name}: ${describe(shape)}`)
  return predicate(asQuery(() => compile(shape)))
}

export function geoIntersects(operand: unknown): FieldPredicate {
  const [name, shape] = shapeOf(operand)
  if (name !== '$geometry')
    throw badGeometry(`$geoIntersects not supported with provided geometry: ${describe(operand)}`)
  const given = queryGeoJson(shape)
  return predicate((geometry) => geometriesMeet(geometry, given))
}
