import { createI18n } from '../../i18n/index.ts'
import es from '../locales/es.json'
import { chartCsv, chartRows } from './chart-rows.ts'
import { chartGeometry } from './geometry.ts'
import { areaPath, linePath } from './path.ts'
import { linearScale, niceTicks, padded } from './scale.ts'
import { factsOf, isHistory, type Point } from './series.ts'
import { summarize } from './summary.ts'

function points(...values: (number | null)[]): Point[] {
  return values.map((value, index) => ({ at: new Date(Date.UTC(2026, 2, 1, 12, index)).toISOString(), value }))
}

describe('facts', () => {
  test('skip gaps and say first, last and extremes', () => {
    expect(factsOf(points(null, 3, 9, null, 5, null))).toMatchObject({
      first: { value: 3 },
      last: { value: 5 },
      min: 3,
      max: 9,
    })
  })

  test('are undefined without a measurement', () => {
    expect(factsOf(points(null, null))).toBeUndefined()
    expect(factsOf([])).toBeUndefined()
  })

  test.each([
    [[1, 2], true],
    [[1, null], false],
    [[], false],
  ])('are drawn as a line only where there are two: %p', (values, expected) => {
    expect(isHistory(points(...values))).toBe(expected)
  })

  test.each([
    [[1, 2, 3, 4, 5, 6, 7, 8], 'up'],
    [[8, 7, 6, 5, 4, 3, 2, 1], 'down'],
    [[5, 9, 1, 5, 9, 1, 6, 7], 'flat'],
    [[4, 4, 4, 4], 'flat'],
  ])('trend of %j is %s', (values, trend) => {
    expect(factsOf(points(...values))?.trend).toBe(trend)
  })
})

describe('drawing', () => {
  test.each([
    ['en', '6:00 PM'],
    ['pt-BR', '18:00'],
  ])('hours below a day stand as people of %s write them', (locale, expected) => {
    const rows = [0, 23].map((hour) => ({ at: `2026-03-01T${String(hour).padStart(2, '0')}:30:00`, values: [1] }))
    const text = createI18n({ locale, catalogues: {} })
    const { xTicks } = chartGeometry([], rows, [], { width: 600, height: 100, labelWidth: 96 }, String, text)
    expect(xTicks.map(({ label }) => label.replace(/\s/u, ' '))).toContain(expected)
  })

  test('a gap in the data is a gap in the line, a lone value a dot', () => {
    const pixels = [0, 1, null, 3, null, 5, 6].map((y, x) => ({ x, y }))
    expect(linePath(pixels)).toBe('M0 0L1 1M3 3h0M5 5L6 6')
    expect(areaPath(pixels, 9)).toBe('M0 9L0 0L1 1L1 9ZM5 9L5 5L6 6L6 9Z')
  })

  test('a series of one value still has a place', () => {
    expect(linearScale([5, 5], [0, 100])(5)).toBe(50)
    expect(padded([5, 5])[0]).toBeLessThan(5)
  })

  test.each([
    [[0, 100], 5, [0, 20, 40, 60, 80, 100]],
    [[-28.4, -24.1], 5, [-28, -27, -26, -25]],
    [[0, 0.3], 3, [0, 0.1, 0.2, 0.3]],
    [[7, 7], 5, [7]],
  ])('round ticks of %j', (domain, count, expected) => {
    expect(niceTicks(domain as [number, number], count)).toEqual(expected)
  })
})

describe('the same data as a table', () => {
  const series = [
    { key: 'a', label: 'Este servicio', points: points(1, null) },
    { key: 'b', label: 'Vecinos, mediana', points: points(2, 3, 4).slice(1) },
  ]

  test('has a row for every time of any series, oldest first', () => {
    expect(chartRows(series).map((row) => row.values)).toEqual([
      [1, null],
      [null, 3],
      [null, 4],
    ])
  })

  test('as CSV keeps full values and quotes what needs it', () => {
    const csv = chartCsv(series, chartRows(series))
    expect(csv.split('\r\n')[0]).toBe('time,Este servicio,"Vecinos, mediana"')
    expect(csv.split('\r\n')[1]).toBe('2026-03-01T12:00:00.000Z,1,')
  })

  test('a label that a spreadsheet would run is defused, a negative number is not', () => {
    const evil = [{ key: 'a', label: '=1+1', points: points(-28.4) }]
    expect(chartCsv(evil, chartRows(evil))).toBe("time,'=1+1\r\n2026-03-01T12:00:00.000Z,-28.4\r\n")
  })
})

describe('the sentence', () => {
  const text = createI18n({ locale: 'es', catalogues: { es } })
  const format = (value: number): string => `${value} ms`

  test('names last, least and most with units, and the trend', () => {
    const sentence = summarize('Latencia', points(40, 42, 60, 80), format, text)
    expect(sentence).toContain('Latencia: último valor 80 ms, mínimo 40 ms, máximo 80 ms')
    expect(sentence).toMatch(/Sube\.$/)
  })

  test('says that nothing was measured', () => {
    expect(summarize('Latencia', points(null), format, text)).toBe('Latencia: Sin mediciones en este periodo.')
  })
})
