import { Ajv2020 } from 'ajv/dist/2020.js'
import { fibreService, mobileService } from '../testing/fixtures.ts'
import { checkRow, parseRow, telemetryRowSchema, type TelemetryRow } from './row.ts'

const row: TelemetryRow = {
  source: 'probe-1',
  seq: 7,
  serviceId: 's_mobile',
  at: '2026-11-20T12:00:00Z',
  metrics: { rsrp: -95 },
}
const code = (line: string): string | undefined => {
  const parsed = parseRow(line)
  return 'problem' in parsed ? parsed.problem.code : undefined
}

it('takes rows by a schema that is a JSON Schema', () => {
  expect(new Ajv2020().validateSchema(telemetryRowSchema)).toBe(true)
})

describe('parseRow', () => {
  it('takes a row as the contract describes it', () => {
    expect(parseRow(JSON.stringify({ ...row, simulated: true }))).toEqual({ row: { ...row, simulated: true } })
  })

  it.each<[string, unknown, string]>([
    ['text that is not JSON', 'nonsense', 'invalid_json'],
    ['cut-off JSON', '{"source":"a","seq":', 'invalid_json'],
    ['an array', [row], 'invalid_row'],
    ['a sequence twice', JSON.stringify(row).replace('"seq":7', '"seq":7,"seq":8'), 'invalid_json'],
    ['a metric twice', JSON.stringify(row).replace('{"rsrp"', '{"rsrp":-90,"rs\\u0072p"'), 'invalid_json'],
    ['an unknown field', { ...row, admin: true }, 'invalid_row'],
    ['an operator in place of a text', { ...row, serviceId: { $gt: '' } }, 'invalid_row'],
    ['a dollar name', { ...row, source: '$where' }, 'invalid_row'],
    ['a fractional sequence', { ...row, seq: 1.5 }, 'invalid_row'],
    ['a negative sequence', { ...row, seq: -1 }, 'invalid_row'],
    ['a time without offset', { ...row, at: '2026-11-20T12:00:00' }, 'invalid_row'],
    ['a day that does not exist', { ...row, at: '2026-02-30T12:00:00Z' }, 'invalid_row'],
    // The format lets both through, and `Date` knows neither: such rows were counted as accepted and stored at the year 1970.
    ['a leap second', { ...row, at: '2016-12-31T23:59:60Z' }, 'invalid_row'],
    ['an offset without minutes', { ...row, at: '2026-11-20T12:00:00-03' }, 'invalid_row'],
    ['the end of a line between day and time', { ...row, at: '2026-11-20\u202812:00:00Z' }, 'invalid_row'],
    ['no metric', { ...row, metrics: {} }, 'invalid_row'],
    ['an unknown metric', { ...row, metrics: { mood: 3 } }, 'invalid_row'],
    [
      'a prototype name',
      '{"source":"a","seq":1,"serviceId":"s","at":"2026-11-20T12:00:00Z","metrics":{"__proto__":1}}',
      'invalid_row',
    ],
    ['a number as text', { ...row, metrics: { rsrp: '-95' } }, 'invalid_row'],
    ['a signal that no receiver reports', { ...row, metrics: { rsrp: -200 } }, 'metric_out_of_range'],
    ['loss above a hundred per cent', { ...row, metrics: { loss: 101 } }, 'metric_out_of_range'],
  ])('refuses %s', (_name, value, expected) => {
    expect(code(typeof value === 'string' ? value : JSON.stringify(value))).toBe(expected)
  })
})

describe('checkRow', () => {
  const window = { oldest: Date.parse('2026-11-19T12:00:00Z'), newest: Date.parse('2026-11-20T12:05:00Z') }
  it.each<[string, Partial<TelemetryRow>, 'mobile' | 'fibre' | 'none', string | undefined]>([
    ['accepts a row within the window', {}, 'mobile', undefined],
    ['accepts the edge of the future', { at: '2026-11-20T12:05:00Z' }, 'mobile', undefined],
    ['refuses the future', { at: '2026-11-20T12:05:01Z' }, 'mobile', 'at_in_future'],
    ['refuses what is too old', { at: '2026-11-19T11:59:59Z' }, 'mobile', 'at_too_old'],
    ['refuses a service that nobody knows', {}, 'none', 'unknown_service'],
    ['refuses a radio metric of a fibre service', {}, 'fibre', 'metric_not_for_technology'],
  ])('%s', (_name, change, technology, expected) => {
    const service = { mobile: mobileService(), fibre: fibreService(), none: undefined }[technology]
    expect(checkRow({ ...row, ...change }, service, window)?.code).toBe(expected)
  })
})
