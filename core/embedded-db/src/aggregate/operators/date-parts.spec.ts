import type { Document } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

const parts = (given: Document): Document => ({ $dateFromParts: given })

describe('the parts of dates', () => {
  it.each<[Document, number]>([
    [parts({}), 40516],
    [parts({ isoWeek: 3 }), 40516],
    [parts({ year: 2017, isoWeekYear: 2017 }), 40489],
    [parts({ year: 2017, isoDayOfWeek: 5 }), 40489],
    [parts({ isoWeekYear: 2017, day: 17 }), 40525],
    [parts({ year: 10_000 }), 40523],
    [parts({ isoWeekYear: 0 }), 31095],
    [parts({ year: 2017, month: 32_768 }), 31034],
    [parts({ year: 2017, minute: -32_769 }), 31034],
    [parts({ isoWeekYear: 2017, isoWeek: 32_768 }), 31034],
    [{ $year: [] }, 40536],
    [{ $year: { date: '$$NOW', timezone: 1 } }, 40533],
    [{ $dateToParts: { date: '$$NOW', timezone: 1 } }, 40517],
  ])('%j fails with %d', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })

  it('may be many seconds and milliseconds', () => {
    expect(evaluate(parts({ year: 2017, second: 71_841_012 }))).toBe('{"$date":"2019-04-12T11:50:12Z"}')
    expect(evaluate(parts({ year: 1970, millisecond: 1_502_095_918_551 }))).toBe('{"$date":"2017-08-07T08:51:58.551Z"}')
  })
})
