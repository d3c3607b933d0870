import { differs, isSimulated, newest } from './provenance.ts'

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString()
const tiles = [{ at: at(0), source: 'probe 7' }, { at: at(50), source: 'probe 7' }, {}]

test('a service says when it was measured last, and by whom', () => {
  expect(newest(tiles)).toEqual({ at: at(50), source: 'probe 7' })
  expect(newest([{}])).toBeUndefined()
  expect(newest([])).toBeUndefined()
})

test.each([
  ['measured a moment before', { at: at(0), source: 'probe 7' }, false],
  ['measured long before', { at: at(-600), source: 'probe 7' }, true],
  ['measured by another', { at: at(50), source: 'probe 8' }, true],
  ['never measured', {}, false],
])('a tile that was %s', (_, tile, expected) => {
  expect(differs(tile, newest(tiles))).toBe(expected)
})

test('what is simulated is said of the service only where nothing of it was really measured', () => {
  const [simulated, real] = [
    { at: at(0), simulated: true },
    { at: at(0), simulated: false },
  ]
  expect(isSimulated([simulated, {}])).toBe(true)
  expect(isSimulated([simulated, real])).toBe(false)
  expect(isSimulated([])).toBe(false)
})
