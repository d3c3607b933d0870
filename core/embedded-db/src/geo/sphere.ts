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

/** A vector across the arc between two points, exact in its direction also where they are close. */
function across(a: Vector, b: Vector): Vector {
  return cross([a[0] + b[0], a[1] + b[1], a[2] + b[2]], [b[0] - a[0], b[1] - a[1], b[2] - a[2]])
}

/** The angle between two points, in radians. */
export function angleBetween(a: Vector, b: Vector): number {
  return Math.atan2(length(cross(a, b)), dot(a, b))
}

/** The angle from a point to the nearest point of the shorter arc between two others. */
export function angleToArc(point: Vector, a: Vector, b: Vector): number {
  const normal = across(a, b)
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

/** The places within an angle of a centre. */
export interface Cap {
  centre: Vector
  radius: number
}

/** A cap that holds some points with the arcs between them and, of a loop, its inside. */
export function capAround(points: readonly Vector[]): Cap {
  let [x, y, z] = [0, 0, 0]
  for (const point of points) [x, y, z] = [x + point[0], y + point[1], z + point[2]]
  const size = Math.hypot(x, y, z)
  const centre: Vector = size > 0 ? [x / size, y / size, z / size] : [1, 0, 0]
  let radius = 0
  for (const point of points) radius = Math.max(radius, angleBetween(centre, point))
  // Only what is smaller than half the sphere has the arcs between its points, too.
  return { centre, radius: size > 0 && radius < Math.PI / 2 ? radius : Math.PI }
}

export function capsMeet(a: Cap, b: Cap): boolean {
  return angleBetween(a.centre, b.centre) <= a.radius + b.radius + TOUCH
}

/** On which side of an arc's circle a point lies: 1, -1, or 0 when it touches it. */
function side(normal: Vector, point: Vector): number {
  const product = dot(normal, point)
  return Math.abs(product) < TOUCH * length(normal) ? 0 : Math.sign(product)
}

/** Whether two arcs cross at a point inside both. */
export function arcsCross(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  const ab = across(a, b)
  const turn = side(ab, d)
  if (turn === 0 || side(ab, c) !== -turn) return false
  const cd = across(c, d)
  return side(cd, a) === turn && side(cd, b) === -turn
}

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]

/** The product of three vectors, from the first one's sight: exact also where they are close. */
const turnAt = (at: Vector, a: Vector, b: Vector): number => dot(at, cross(minus(a, at), minus(b, at)))

/** The area that a loop runs around counter-clockwise, in steradians; negative when it runs clockwise. */
function signedArea(loop: readonly Vector[]): number {
  const [first] = loop
  let area = 0
  if (!first) return area
  for (let i = 1; i + 1 < loop.length; i++) {
    const b = loop[i] as Vector
    const c = loop[i + 1] as Vector
    area += 2 * Math.atan2(turnAt(first, b, c), 1 + dot(first, b) + dot(b, c) + dot(c, first))
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
    const [toA, toB] = [minus(a, point), minus(b, point)]
    turned += Math.atan2(dot(point, cross(toA, toB)), dot(toA, toB) - dot(toA, point) * dot(toB, point))
  }
  return turned > Math.PI
}
