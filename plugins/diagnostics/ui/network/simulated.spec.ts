import { areSimulated } from './simulated.ts'

test.each([
  ['all sites are', [true, true], true],
  ['one site is not', [true, false], false],
  ['there are no sites', [], false],
])('whether it is said once that sites are simulated: %s', (_, rows, expected) => {
  expect(areSimulated(rows.map((simulated) => ({ simulated })))).toBe(expected)
})
