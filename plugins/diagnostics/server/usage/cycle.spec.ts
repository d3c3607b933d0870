import { cycleAt, localDay } from './cycle.ts'

describe('cycleAt', () => {
  it.each([
    [
      'within the month',
      '2026-11-20T12:00:00Z',
      5,
      'America/Sao_Paulo',
      '2026-11-05T03:00:00Z',
      '2026-12-05T03:00:00Z',
      30,
    ],
    [
      'before the day of the month',
      '2026-11-03T12:00:00Z',
      5,
      'America/Sao_Paulo',
      '2026-10-05T03:00:00Z',
      '2026-11-05T03:00:00Z',
      31,
    ],
    [
      'the last moment of a cycle in local time',
      '2026-11-05T02:59:59Z',
      5,
      'America/Sao_Paulo',
      '2026-10-05T03:00:00Z',
      '2026-11-05T03:00:00Z',
      31,
    ],
    [
      'the first moment of a cycle in local time',
      '2026-11-05T03:00:00Z',
      5,
      'America/Sao_Paulo',
      '2026-11-05T03:00:00Z',
      '2026-12-05T03:00:00Z',
      30,
    ],
    [
      'from the first of two midnights',
      '2026-11-20T12:00:00Z',
      1,
      'America/Havana',
      '2026-11-01T04:00:00Z',
      '2026-12-01T05:00:00Z',
      30,
    ],
    [
      'up to the first of two midnights',
      '2026-11-01T03:59:59Z',
      1,
      'America/Havana',
      '2026-10-01T04:00:00Z',
      '2026-11-01T04:00:00Z',
      31,
    ],
    [
      'over the end of the year',
      '2026-12-28T12:00:00Z',
      28,
      'America/Bogota',
      '2026-12-28T05:00:00Z',
      '2027-01-28T05:00:00Z',
      31,
    ],
    [
      'a short February',
      '2027-02-10T12:00:00Z',
      28,
      'America/Bogota',
      '2027-01-28T05:00:00Z',
      '2027-02-28T05:00:00Z',
      31,
    ],
    [
      'a leap February',
      '2028-02-29T12:00:00Z',
      28,
      'America/Bogota',
      '2028-02-28T05:00:00Z',
      '2028-03-28T05:00:00Z',
      29,
    ],
    [
      'a change to summer time inside: Tijuana',
      '2026-03-20T12:00:00Z',
      1,
      'America/Tijuana',
      '2026-03-01T08:00:00Z',
      '2026-04-01T07:00:00Z',
      31,
    ],
    [
      'midnight that the clock skipped: São Paulo, 4 November 2018',
      '2018-11-10T12:00:00Z',
      4,
      'America/Sao_Paulo',
      '2018-11-04T03:00:00Z',
      '2018-12-04T02:00:00Z',
      30,
    ],
  ])('%s', (_name, now, cycleDay, zone, start, end, days) => {
    expect(cycleAt(new Date(now), cycleDay, zone)).toEqual({ start: new Date(start), end: new Date(end), days })
  })

  it('refuses a zone that does not exist', () => {
    expect(() => cycleAt(new Date(), 1, 'America/Atlantis')).toThrow(RangeError)
  })

  it('names days in local time', () => {
    expect(localDay(new Date('2026-11-05T02:59:59Z'), 'America/Sao_Paulo')).toBe('2026-11-04')
  })
})
