import type { Edge, Geometry, Part } from './geometry.ts'
import {
  angleBetween,
  angleToArc,
  arcsCross,
  type Cap,
  capAround,
  capsMeet,
  loopContains,
  onArc,
  samePlace,
  type Vector,
} from './sphere.ts'

function onBoundary(point: Vector, edges: readonly Edge[]): boolean {
  return edges.some(([a, b]) => onArc(point, a, b))
}

/** The edges that may have a place in common with what lies in a cap. */
function edgesNear({ edges }: Part, cap: Cap): readonly Edge[] {
  return edges.length < 8 ? edges : edges.filter((edge) => capsMeet(capAround(edge), cap))
}

/** Whether a polygon's inside has a point; of its boundary, holes included, this says nothing sure. */
function insideHas({ loops: [outer = [], ...holes] }: Part, point: Vector): boolean {
  return loopContains(outer, point) && !holes.some((hole) => loopContains(hole, point))
}

function edgesCross(some: readonly Edge[], others: readonly Edge[]): boolean {
  return some.some(([a, b]) => others.some(([c, d]) => arcsCross(a, b, c, d)))
}

function partsMeet(a: Part, b: Part): boolean {
  if (!capsMeet(a.cap, b.cap)) return false
  const [first, other] = [a.vertices[0] as Vector, b.vertices[0] as Vector]
  if (a.edges.length === 0 && b.edges.length === 0) return samePlace(first, other)
  const [edgesA, edgesB] = [edgesNear(a, b.cap), edgesNear(b, a.cap)]
  return (
    insideHas(a, other) ||
    insideHas(b, first) ||
    edgesCross(edgesA, edgesB) ||
    a.vertices.some((vertex) => onBoundary(vertex, edgesB)) ||
    b.vertices.some((vertex) => onBoundary(vertex, edgesA))
  )
}

function partWithin(part: Part, polygon: Part): boolean {
  if (!capsMeet(part.cap, polygon.cap)) return false
  const edges = edgesNear(polygon, part.cap)
  const has = (point: Vector): boolean => onBoundary(point, edges) || insideHas(polygon, point)
  return (
    part.vertices.every(has) &&
    // An edge from corner to corner may leave the polygon without crossing one of its edges.
    part.edges.every((edge) => has(capAround(edge).centre)) &&
    !edgesCross(part.edges, edges) &&
    !(part.loops.length > 0 && polygon.loops.slice(1).some((hole) => hole.some((vertex) => insideHas(part, vertex))))
  )
}

export function geometriesMeet(a: Geometry, b: Geometry): boolean {
  return (a.parts ?? []).some((part) => (b.parts ?? []).some((other) => partsMeet(part, other)))
}

/** Whether each part of a geometry lies in one of the polygons. */
export function liesWithin(geometry: Geometry, polygons: readonly Part[]): boolean {
  return geometry.parts?.every((part) => polygons.some((polygon) => partWithin(part, polygon))) ?? false
}

/** Whether a geometry lies within an angle of a centre. */
export function liesAround(geometry: Geometry, centre: Vector, radius: number): boolean {
  return (
    geometry.parts?.every((part) => part.vertices.every((vertex) => angleBetween(centre, vertex) <= radius)) ?? false
  )
}

function angleToPart(point: Vector, part: Part): number {
  if (part.edges.length === 0) return angleBetween(point, part.vertices[0] as Vector)
  if (insideHas(part, point)) return 0
  let least = Number.POSITIVE_INFINITY
  for (const [a, b] of part.edges) least = Math.min(least, angleToArc(point, a, b))
  return least
}

/** The angle from a point to the nearest place of a geometry; undefined when it is not on the sphere. */
export function angleTo(point: Vector, geometry: Geometry): number | undefined {
  return geometry.parts && Math.min(...geometry.parts.map((part) => angleToPart(point, part)))
}

export function polygonsOf({ parts }: Geometry): readonly Part[] | undefined {
  return parts?.every((part) => part.loops.length > 0) ? parts : undefined
}
