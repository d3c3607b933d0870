import { ObjectId, Timestamp } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

const at = (text: string): Date => new Date(text)
const iso = (text: string): string => `{"$date":"${text}"}`

describe('date expressions', () => {
  it.each<[unknown, string]>([
    [{ $year: at('2020-02-29T23:30:00Z') }, '2020'],
    [{ $dayOfMonth: { date: at('2020-02-29T23:30:00Z'), timezone: '+01:00' } }, '1'],
    [{ $hour: { date: at('2020-07-01T12:00:00Z'), timezone: 'America/New_York' } }, '8'],
    [{ $dayOfWeek: at('2021-01-03T00:00:00Z') }, '1'],
    [{ $dayOfYear: at('2020-12-31T00:00:00Z') }, '366'],
    [{ $week: at('2021-01-01T00:00:00Z') }, '0'],
    [{ $isoWeek: at('2021-01-01T00:00:00Z') }, '53'],
    [{ $isoWeekYear: at('2021-01-01T00:00:00Z') }, '2020'],
    [{ $isoDayOfWeek: at('2021-01-03T00:00:00Z') }, '7'],
    [{ $millisecond: at('2021-01-03T00:00:00.123Z') }, '123'],
    [{ $year: new ObjectId('5f5e100000000000000000aa') }, '2020'],
    [{ $second: new Timestamp({ t: 61, i: 1 }) }, '1'],
    [{ $dateFromParts: { year: 2017, month: 14, day: 1, hour: 12 } }, iso('2018-02-01T12:00:00Z')],
    [
      { $dateFromParts: { isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 4, timezone: 'America/New_York' } },
      iso('2017-02-09T05:00:00Z'),
    ],
    [
      { $dateToParts: { date: at('2017-01-01T01:29:09.123Z'), timezone: 'America/New_York' } },
      '{"year":2016,"month":12,"day":31,"hour":20,"minute":29,"second":9,"millisecond":123}',
    ],
    [
      { $dateToParts: { date: at('2017-01-01T01:29:09.123Z'), iso8601: true } },
      '{"isoWeekYear":2016,"isoWeek":52,"isoDayOfWeek":7,"hour":1,"minute":29,"second":9,"millisecond":123}',
    ],
    [{ $dateToString: { date: at('2014-01-01T08:15:39.736Z') } }, '"2014-01-01T08:15:39.736Z"'],
    [
      { $dateToString: { date: at('2014-01-01T08:15:39.736Z'), timezone: 'America/New_York' } },
      '"2014-01-01T03:15:39.736"',
    ],
    [
      {
        $dateToString: {
          date: at('2014-01-01T08:15:39.736Z'),
          format: '%Y %m %d %H:%M:%S:%L %z %j %u %U %V %G %b %B %Z %%',
          timezone: '+0430',
        },
      },
      '"2014 01 01 12:45:39:736 +0430 001 3 00 01 2014 Jan January 270 %"',
    ],
    [{ $dateToString: { date: null, onNull: 'none' } }, '"none"'],
    [{ $dateFromString: { dateString: '2017-02-08T12:10:40.787Z' } }, iso('2017-02-08T12:10:40.787Z')],
    [{ $dateFromString: { dateString: '2017-02-08', timezone: 'America/New_York' } }, iso('2017-02-08T05:00:00Z')],
    [{ $dateFromString: { dateString: '06-15-2018', format: '%m-%d-%Y' } }, iso('2018-06-15T00:00:00Z')],
    [{ $dateFromString: { dateString: 'nope', onError: 'bad' } }, '"bad"'],
    [{ $dateFromString: { dateString: '2017-07-04 12:48:07 GMT+0545' } }, iso('2017-07-04T07:03:07Z')],
    [{ $dateFromString: { dateString: 'Tue Jul 04 2017 12:48:07 GMT+0545' } }, iso('2017-07-04T07:03:07Z')],
    [{ $dateFromString: { dateString: '2017-07-04 12:48:07 CEST' } }, iso('2017-07-04T10:48:07Z')],
    [{ $dateFromString: { dateString: '4 July 2017 12:48 PDT' } }, iso('2017-07-04T19:48:00Z')],
    [{ $dateFromString: { dateString: '2017-07-04T12:48:07 P' } }, iso('2017-07-04T15:48:07Z')],
    [{ $dateFromString: { dateString: '2017-07-04T12:48.07' } }, iso('2017-07-04T12:48:07Z')],
    [
      { $dateFromString: { dateString: '2017-07-04T12:48:07.8 GMT+02', format: '%Y-%m-%dT%H:%M:%S.%L%z' } },
      iso('2017-07-04T10:48:07.800Z'),
    ],
    [{ $dateFromString: { dateString: '4/26/1992:+285', format: '%m/%d/%Y:%Z' } }, iso('1992-04-25T19:15:00Z')],
    [{ $dateFromString: { dateString: '1.1.1', format: '%V.%u.%G' } }, '{"$date":{"$numberLong":"-62135596800000"}}'],
    [
      { $dateToString: { date: at('1900-07-10T11:41:22Z'), format: '%H:%M:%S %z %Z', timezone: 'America/Caracas' } },
      '"07:13:42 -0427 -267"',
    ],
    [{ $dateAdd: { startDate: at('2021-01-31T00:00:00Z'), unit: 'month', amount: 1 } }, iso('2021-02-28T00:00:00Z')],
    [
      { $dateAdd: { startDate: at('2021-03-13T12:00:00Z'), unit: 'day', amount: 1, timezone: 'America/New_York' } },
      iso('2021-03-14T11:00:00Z'),
    ],
    [
      { $dateAdd: { startDate: at('2021-03-13T12:00:00Z'), unit: 'hour', amount: 24, timezone: 'America/New_York' } },
      iso('2021-03-14T12:00:00Z'),
    ],
    [
      { $dateSubtract: { startDate: at('2020-12-31T00:00:00Z'), unit: 'quarter', amount: 1 } },
      iso('2020-09-30T00:00:00Z'),
    ],
    [{ $dateDiff: { startDate: at('2020-12-31T23:59:59Z'), endDate: at('2021-01-01T00:00:00Z'), unit: 'year' } }, '1'],
    [{ $dateDiff: { startDate: at('2021-01-02T00:00:00Z'), endDate: at('2021-01-03T00:00:00Z'), unit: 'week' } }, '1'],
    [
      {
        $dateDiff: {
          startDate: at('2021-01-03T00:00:00Z'),
          endDate: at('2021-01-04T00:00:00Z'),
          unit: 'week',
          startOfWeek: 'Monday',
        },
      },
      '1',
    ],
    [{ $dateDiff: { startDate: at('2021-01-03T00:59:00Z'), endDate: at('2021-01-03T01:00:00Z'), unit: 'hour' } }, '1'],
    [{ $dateTrunc: { date: at('2021-03-20T11:30:05Z'), unit: 'hour', binSize: 2 } }, iso('2021-03-20T10:00:00Z')],
    [{ $dateTrunc: { date: at('2021-05-20T11:30:05Z'), unit: 'quarter' } }, iso('2021-04-01T00:00:00Z')],
    [
      { $dateTrunc: { date: at('2021-03-17T11:30:05Z'), unit: 'week', startOfWeek: 'monday' } },
      iso('2021-03-15T00:00:00Z'),
    ],
    [
      { $dateTrunc: { date: at('2021-03-20T03:30:05Z'), unit: 'day', timezone: 'America/Los_Angeles' } },
      iso('2021-03-19T07:00:00Z'),
    ],
    [{ $dateTrunc: { date: null, unit: 'day' } }, 'null'],
    [{ $dateTrunc: { date: 1, unit: 'century', timezone: '$missing' } }, 'null'],
    [
      { $dateTrunc: { date: at('2021-12-01T18:23:36Z'), unit: 'hour', binSize: 4, timezone: 'America/New_York' } },
      iso('2021-12-01T17:00:00Z'),
    ],
    [
      {
        $dateTrunc: {
          date: at('2000-01-30T18:00:00Z'),
          unit: 'week',
          binSize: 2,
          timezone: 'America/New_York',
          startOfWeek: 'mon',
        },
      },
      iso('2000-01-17T05:00:00Z'),
    ],
    [{ $dateDiff: { startDate: at('2020-11-01T18:23:36Z'), endDate: at('2020-11-02T00:00:00Z'), unit: 'hour' } }, '6'],
    [
      {
        $dateDiff: {
          startDate: at('2021-01-17T05:00:00Z'),
          endDate: at('2021-01-17T04:59:00Z'),
          unit: 'week',
          timezone: 'America/New_York',
          startOfWeek: 'sunday',
        },
      },
      '-1',
    ],
    ['$$NOW', iso('1970-01-01T00:00:00Z')],
  ])('%j', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected)
  })

  it('takes the first of two equal wall clocks, and moves on from one that is skipped', () => {
    const local = (text: string): string =>
      evaluate({ $dateFromString: { dateString: text, timezone: 'Europe/Madrid' } })
    expect(local('2021-10-31T02:30:00')).toBe(iso('2021-10-31T00:30:00Z'))
    expect(local('2021-03-28T02:30:00')).toBe(iso('2021-03-28T01:30:00Z'))
  })

  it.each<[unknown, number]>([
    [{ $year: 'x' }, 16006],
    [{ $year: { date: new Date(0), timezone: 'Nowhere/City' } }, 40485],
    [{ $dateToString: { date: new Date(0), format: '%q' } }, 18536],
    [{ $dateFromString: { dateString: 'nope' } }, 241],
    [{ $dateFromString: { dateString: '2017-07-04T12:48:07 Europe/Amsterdam' } }, 241],
    [{ $dateFromString: { dateString: '4/26/1992:+0445', format: '%m/%d/%Y:%z', timezone: '+0500' } }, 241],
    [{ $dateFromString: { dateString: '12/31/2018', format: '%m/%d/%G' } }, 241],
    [{ $dateFromString: { dateString: '12/31/2018', format: 5 } }, 40684],
    [{ $dateFromString: { dateString: '2018', format: '%Y%' } }, 18535],
    [{ $dateAdd: { startDate: new Date(0), unit: 'eon', amount: 1 } }, 9],
    [{ $dateAdd: { startDate: new Date(0), unit: 1, amount: 1 } }, 5166404],
    [{ $dateToParts: { date: new Date(0), iso8601: 1 } }, 40521],
    [{ $dateTrunc: { date: new Date(0), unit: 'week', startOfWeek: 'FRIDIE' } }, 5439016],
    [{ $dateTrunc: { date: 'x', unit: 'hour', binSize: 1 } }, 5439012],
    [{ $dateAdd: { startDate: new Date(0), unit: 'day', amount: 1.5 } }, 5166405],
    [{ $dateFromParts: { month: 1 } }, 40516],
  ])('%j fails with %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })
})
