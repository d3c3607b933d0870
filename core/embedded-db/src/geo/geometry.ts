import type { Document } from 'bson'
import { describe } from '../values/document.ts'
import { notImplemented } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { asDocument, isObject, typeName } from '../values/types.ts'
import { type Cap, capAround, orient, samePlace, unitVector, type Vector } from './sphere.ts'

export type Edge = readonly [Vector, Vector]

/** One connected piece of a geometry. */
export interface Part {
  vertices: readonly Vector[]
  edges: readonly Edge[]
  /** Of a polygon: oriented and not closed, the first is the outer one. Empty for others. */
  loops: readonly (readonly Vector[])[]
  /** What it lies in. */
  cap: Cap
}

export interface Geometry {
  /** Undefined for a legacy point that is nowhere on the sphere. */
  parts: readonly Part[] | undefined
  /** The coordinates of a single point, for shapes in the plane. */
  flat: readonly [number, number] | undefined
  type: string
}

/** A value that is no geometry; the message is MongoDB's reason. */
export class GeometryError extends Error {}

/** The two numbers with which an array or an embedded document begins. */
export function flatPoint(value: unknown): [number, number] {
  if (!Array.isArray(value) && !isObject(value))
    throw new GeometryError(`Point must be an array or object, instead got type ${typeName(value)}`)
  const items = Array.isArray(value) ? (value as unknown[]) : Object.values(asDocument(value))
  const [x, y] = [0, 1].map((i) => {
    const item = items[i]
    if (!isNumeric(item))
      throw new GeometryError(`Point must only contain numeric elements, instead got type ${typeName(item)}`)
    return toNumber(item)
  }) as [number, number]
  if (!Number.isFinite(x) || !Number.isFinite(y)) throw new GeometryError('Point coordinates must be finite numbers')
  return [x, y]
}

export function isOnSphere([longitude, latitude]: readonly [number, number]): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90
}

function position(value: unknown): Vector {
  const point = flatPoint(value)
  if (!isOnSphere(point))
    throw new GeometryError(`longitude/latitude is out of bounds, lng: ${point[0]} lat: ${point[1]}`)
  return unitVector(...point)
}

function listOf<T>(value: unknown, what: string, each: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new GeometryError(`${what} coordinates must be an array`)
  return value.map(each)
}

/** Vertices without those that repeat the one before. */
function vertices(value: unknown, what: string): Vector[] {
  const all = listOf(value, what, position)
  return all.filter((vertex, i) => i === 0 || !samePlace(vertex, all[i - 1] as Vector))
}

function line(value: unknown): Part {
  const points = vertices(value, 'LineString')
  if (points.length < 2) throw new GeometryError(`GeoJSON LineString must have at least 2 vertices: ${describe(value)}`)
  const edges = points.slice(1).map((vertex, i): Edge => [points[i] as Vector, vertex])
  return { vertices: points, edges, loops: [], cap: capAround(points) }
}

function loop(value: unknown): readonly Vector[] {
  const points = vertices(value, 'Polygon')
  if (points.length < 2 || !samePlace(points[0] as Vector, points[points.length - 1] as Vector))
    throw new GeometryError(`Loop is not closed: ${describe(value)}`)
  points.pop()
  if (points.length < 3) throw new GeometryError(`Loop must have at least 3 different vertices: ${describe(value)}`)
  return orient(points)
}

function polygon(value: unknown): Part {
  const loops = listOf(value, 'Polygon', loop)
  if (loops.length === 0) throw new GeometryError('Polygon has no loops.')
  const edges = loops.flatMap((one) => one.map((vertex, i): Edge => [vertex, one[(i + 1) % one.length] as Vector]))
  const points = loops.flat()
  return { vertices: points, edges, loops, cap: capAround(points) }
}

function pointAt(at: Vector): Part {
  return { vertices: [at], edges: [], loops: [], cap: { centre: at, radius: 0 } }
}

const point = (value: unknown): Part => pointAt(position(value))

const ONE: Record<string, (coordinates: unknown) => Part> = { Point: point, LineString: line, Polygon: polygon }
const MANY: Record<string, (coordinates: unknown) => Part> = {
  MultiPoint: point,
  MultiLineString: line,
  MultiPolygon: polygon,
}

function partsOf(value: Document): readonly Part[] {
  const type = String(value.type)
  const one = ONE[type]
  if (one) return [one(value.coordinates)]
  const many = MANY[type]
  if (many) {
    const parts = listOf(value.coordinates, type, many)
    if (parts.length === 0) throw new GeometryError(`${type} coordinates must have at least 1 element`)
    return parts
  }
  if (type !== 'GeometryCollection') throw new GeometryError(`unknown GeoJSON type: ${describe(value)}`)
  if (!Array.isArray(value.geometries) || value.geometries.length === 0)
    throw new GeometryError('GeometryCollection geometries must be a nonempty array')
  return (value.geometries as unknown[]).flatMap((item) => {
    if (!isObject(item)) throw new GeometryError('GeometryCollection geometries must be objects')
    return partsOf(asDocument(item))
  })
}

const LONGITUDE_LATITUDE = new Set(['EPSG:4326', 'urn:ogc:def:crs:OGC:1.3:CRS84'])

function checkReference(value: Document): void {
  if (value.crs === undefined) return
  const name: unknown = isObject(value.crs) && isObject(value.crs.properties) ? value.crs.properties.name : undefined
  if (name === 'urn:x-mongodb:crs:strictwinding:EPSG:4326')
    throw notImplemented('a polygon whose winding says which side is inside')
  if (typeof name !== 'string' || !LONGITUDE_LATITUDE.has(name))
    throw new GeometryError(`Unknown CRS: ${describe(value.crs)}`)
}

export function isGeoJson(value: unknown): value is Document {
  return isObject(value) && typeof value.type === 'string'
}

/** @throws GeometryError, or CommandError 238 for strict winding */
export function parseGeoJson(value: Document): Geometry {
  checkReference(value)
  const parts = partsOf(value)
  return { parts, flat: value.type === 'Point' ? flatPoint(value.coordinates) : undefined, type: String(value.type) }
}

/** A stored or queried value: GeoJSON, or a legacy pair. @throws GeometryError */
export function parseGeometry(value: unknown): Geometry {
  if (isGeoJson(value)) return parseGeoJson(value)
  const flat = flatPoint(value)
  return { parts: isOnSphere(flat) ? [pointAt(unitVector(...flat))] : undefined, flat, type: 'Point' }
}

/** The geometry that a stored value is; undefined when it is none. */
export function storedGeometry(value: unknown): Geometry | undefined {
  if (!Array.isArray(value) && !isObject(value)) return undefined
  try {
    return parseGeometry(value)
  } catch (error) {
    if (error instanceof GeometryError) return undefined
    throw error
  }
}
