import { Recent } from './recent.ts'

const sums = (requests: number, failures: number) => ({ requests, failures, slows: 2 * failures })

it('counts what came in within the window, and nothing of a time when nobody looked', () => {
  const recent = new Recent(30_000, 1_000)
  expect(recent.add(2_000, sums(5, 1))).toEqual(sums(5, 1))
  expect(recent.add(20_000, sums(8, 1))).toEqual(sums(8, 1))
  expect(recent.add(40_000, sums(10, 3))).toEqual(sums(5, 2))
  expect(recent.add(60_000, sums(12, 3))).toEqual(sums(4, 2))
  expect(recent.add(200_000, sums(500, 400))).toEqual(sums(0, 0))
  expect(recent.add(201_000, sums(510, 405))).toEqual(sums(10, 5))
  // A host that is gone took its last second along.
  expect(recent.add(202_000, sums(400, 300))).toEqual(sums(0, 0))
})
