import type { Geometry, Part } from './geometry.ts'
import { angleBetween, angleToArc, arcsCross, loopContains, onArc, samePlace, type Vector } from './sphere.ts'

type Polygon = Extract<Part, { kind: 'polygon' }>
type Edge = readonly [Vector, Vector]

function verticesOf(part: Part): readonly Vector[] {
  if (part.kind === 'point') return [part.at]
  return part.kind === 'line' ? part.vertices : part.loops.flat()
}

function edgesOf(part: Part): Edge[] {
  if (part.kind === 'point') return []
  if (part.kind === 'line') return part.vertices.slice(1).map((vertex, i): Edge => [part.vertices[i] as Vector, vertex])
  return part.loops.flatMap((loop) => loop.map((vertex, i): Edge => [vertex, loop[(i + 1) % loop.length] as Vector]))
}

function onBoundary(point: Vector, edges: readonly Edge[]): boolean {
  return edges.some(([a, b]) => onArc(point, a, b))
}

/** Whether a polygon's inside has a point; of its boundary, holes included, this says nothing sure. */
function insideHas({ loops: [outer = [], ...holes] }: Polygon, point: Vector): boolean {
  return loopContains(outer, point) && !holes.some((hole) => loopContains(hole, point))
}

function edgesCross(some: readonly Edge[], others: readonly Edge[]): boolean {
  return some.some(([a, b]) => others.some(([c, d]) => arcsCross(a, b, c, d)))
}

function partsMeet(a: Part, b: Part): boolean {
  if (a.kind === 'point' && b.kind === 'point') return samePlace(a.at, b.at)
  const [edgesA, edgesB] = [edgesOf(a), edgesOf(b)]
  const [verticesA, verticesB] = [verticesOf(a), verticesOf(b)]
  return (
    edgesCross(edgesA, edgesB) ||
    verticesA.some((vertex) => onBoundary(vertex, edgesB)) ||
    verticesB.some((vertex) => onBoundary(vertex, edgesA)) ||
    (a.kind === 'polygon' && insideHas(a, verticesB[0] as Vector)) ||
    (b.kind === 'polygon' && insideHas(b, verticesA[0] as Vector))
  )
}

function partWithin(part: Part, polygon: Polygon): boolean {
  const edges = edgesOf(polygon)
  return (
    verticesOf(part).every((vertex) => onBoundary(vertex, edges) || insideHas(polygon, vertex)) &&
    !edgesCross(edgesOf(part), edges) &&
    !(part.kind === 'polygon' && polygon.loops.slice(1).some((hole) => hole.some((vertex) => insideHas(part, vertex))))
  )
}

export function geometriesMeet(a: Geometry, b: Geometry): boolean {
  return (a.parts ?? []).some((part) => (b.parts ?? []).some((other) => partsMeet(part, other)))
}

/** Whether each part of a geometry lies in one of the polygons. */
export function liesWithin(geometry: Geometry, polygons: readonly Polygon[]): boolean {
  return geometry.parts?.every((part) => polygons.some((polygon) => partWithin(part, polygon))) ?? false
}

/** Whether a geometry lies within an angle of a centre. */
export function liesAround(geometry: Geometry, centre: Vector, radius: number): boolean {
  return (
    geometry.parts?.every((part) => verticesOf(part).every((vertex) => angleBetween(centre, vertex) <= radius)) ?? false
  )
}

function angleToPart(point: Vector, part: Part): number {
  if (part.kind === 'point') return angleBetween(point, part.at)
  if (part.kind === 'polygon' && insideHas(part, point)) return 0
  return Math.min(...edgesOf(part).map(([a, b]) => angleToArc(point, a, b)))
}

/** The angle from a point to the nearest place of a geometry; undefined when it is not on the sphere. */
export function angleTo(point: Vector, geometry: Geometry): number | undefined {
  return geometry.parts && Math.min(...geometry.parts.map((part) => angleToPart(point, part)))
}

export function polygonsOf(geometry: Geometry): Polygon[] | undefined {
  const polygons = geometry.parts?.filter((part): part is Polygon => part.kind === 'polygon')
  return polygons && polygons.length === geometry.parts?.length ? polygons : undefined
}
