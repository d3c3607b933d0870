import fc from 'fast-check'
import { fuzz } from '../testing/fuzz.ts'
import { parseGeometry } from './geometry.ts'
import { geometriesMeet, liesWithin, polygonsOf } from './relations.ts'

type Point = [number, number]

/** Degrees: so small that an area on the sphere is as good as one in the plane. */
const SIZE = 0.001

const within = fc.integer({ min: -1300, max: 1300 }).map((n) => n / 1000)
const place = fc.tuple(fc.integer({ min: -179, max: 179 }), fc.integer({ min: -70, max: 70 }))
const corner = fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 20, max: 100 }))
const corners = fc.array(corner, { minLength: 3, maxLength: 9 })

function star([x, y]: Point, parts: [number, number][]): Point[] {
  return parts.map(([turn, far], i) => {
    const angle = ((i + turn / 100) / parts.length) * 2 * Math.PI
    return [x + SIZE * (far / 100) * Math.cos(angle), y + SIZE * (far / 100) * Math.sin(angle)]
  })
}

function inPlane([x, y]: Point, points: Point[]): boolean {
  let inside = false
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length] as Point
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
  })
  return inside
}

/** Which way three points turn; 0 when they are next to a straight line, where rounding decides. */
function turn(a: Point, b: Point, c: Point): number {
  const product = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
  return Math.abs(product) < SIZE * SIZE * 1e-4 ? 0 : Math.sign(product)
}

describe('small areas and lines on the sphere', () => {
  it('hold the points that they hold in the plane, whichever way their ring runs', () => {
    fc.assert(
      fc.property(place, corners, within, within, fc.boolean(), (centre, parts, x, y, reversed) => {
        const points = star(centre, parts)
        const point: Point = [centre[0] + x * SIZE, centre[1] + y * SIZE]
        fc.pre(points.every((a, i) => turn(a, points[(i + 1) % points.length] as Point, point) !== 0))
        const ring = [...points, points[0]]
        const area = parseGeometry({ type: 'Polygon', coordinates: [reversed ? ring.toReversed() : ring] })
        const at = parseGeometry(point)
        const expected = inPlane(point, points)
        expect([liesWithin(at, polygonsOf(area) ?? []), geometriesMeet(at, area)]).toEqual([expected, expected])
      }),
      fuzz(500),
    )
  })

  it('cross as they do in the plane', () => {
    const end = fc.tuple(within, within)
    fc.assert(
      fc.property(place, end, end, end, end, (centre, ...ends) => {
        const [a, b, c, d] = ends.map(([x, y]): Point => [centre[0] + x * SIZE, centre[1] + y * SIZE]) as [
          Point,
          Point,
          Point,
          Point,
        ]
        const turns = [turn(a, b, c) * turn(a, b, d), turn(c, d, a) * turn(c, d, b)]
        fc.pre(!turns.includes(0))
        const [first, second] = [
          [a, b],
          [c, d],
        ].map((coordinates) => parseGeometry({ type: 'LineString', coordinates }))
        expect(geometriesMeet(first as never, second as never)).toBe(turns.every((one) => one < 0))
      }),
      fuzz(500),
    )
  })
})
