/** A point on the unit sphere. */
export type Vector = readonly [number, number, number]

/** The radius of the Earth in metres that MongoDB counts with. */
export const EARTH_RADIUS = 6_378_100

/** What counts as the same place, in radians: some micrometres. */
const TOUCH = 1e-12

export function unitVector(longitude: number, latitude: number): Vector {
  const phi = (latitude * Math.PI) / 180
  const theta = (longitude * Math.PI) / 180
  return [Math.cos(phi) * Math.cos(theta), Math.cos(phi) * Math.sin(theta), Math.sin(phi)]
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

const length = (a: Vector): number => Math.hypot(a[0], a[1], a[2])

/** The angle between two points, in radians. */
export function angleBetween(a: Vector, b: Vector): number {
  return Math.atan2(length(cross(a, b)), dot(a, b))
}

/** The angle from a point to the nearest point of the shorter arc between two others. */
export function angleToArc(point: Vector, a: Vector, b: Vector): number {
  const normal = cross(a, b)
  const size = length(normal)
  const beside = size > 0 && dot(cross(normal, a), point) >= 0 && dot(cross(b, normal), point) >= 0
  return beside
    ? Math.asin(Math.min(1, Math.abs(dot(point, normal)) / size))
    : Math.min(angleBetween(point, a), angleBetween(point, b))
}

export function samePlace(a: Vector, b: Vector): boolean {
  return angleBetween(a, b) < TOUCH
}

export function onArc(point: Vector, a: Vector, b: Vector): boolean {
  return angleToArc(point, a, b) < TOUCH
}

/** Whether two arcs cross at a point inside both. */
export function arcsCross(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  const ab = cross(a, b)
  const left = -dot(ab, c)
  const right = dot(ab, d)
  if (left * right <= 0) return false
  const cd = cross(c, d)
  return left * -dot(cd, b) > 0 && left * dot(cd, a) > 0
}

/** The area that a loop runs around counter-clockwise, in steradians; negative when it runs clockwise. */
function signedArea(loop: readonly Vector[]): number {
  const [first] = loop
  let area = 0
  if (!first) return area
  for (let i = 1; i + 1 < loop.length; i++) {
    const b = loop[i] as Vector
    const c = loop[i + 1] as Vector
    area += 2 * Math.atan2(dot(first, cross(b, c)), 1 + dot(first, b) + dot(b, c) + dot(c, first))
  }
  return area
}

/** A loop in the direction in which the smaller of its two sides is its inside. */
export function orient(loop: readonly Vector[]): readonly Vector[] {
  return signedArea(loop) < 0 ? loop.toReversed() : loop
}

/** Whether an oriented loop winds around a point: seen from there its edges turn once around. */
export function loopContains(loop: readonly Vector[], point: Vector): boolean {
  let turned = 0
  for (let i = 0; i < loop.length; i++) {
    const a = loop[i] as Vector
    const b = loop[(i + 1) % loop.length] as Vector
    turned += Math.atan2(dot(point, cross(a, b)), dot(a, b) - dot(a, point) * dot(b, point))
  }
  return turned > Math.PI
}
