import { knownTopDays } from './top-days.ts'
import type { ServiceUsage } from './types.ts'

const usage = (usedGb: number, days: readonly (readonly [day: string, gb: number])[]): ServiceUsage => ({
  serviceId: 's',
  cycle: { start: '2026-11-01T06:00:00Z', end: '2026-12-01T06:00:00Z', timeZone: 'America/Mexico_City' },
  usedBytes: usedGb * 1e9,
  at: '2026-11-11T06:00:00Z',
  topDays: days.map(([day, gb]) => ({ day, bytes: gb * 1e9 })),
})

it('shows three days at most', () => {
  const days = [
    ['2026-11-03', 4],
    ['2026-11-05', 3],
    ['2026-11-02', 2],
    ['2026-11-04', 1],
  ] as const
  expect(knownTopDays(usage(10, days)).map(({ day }) => day)).toEqual(['2026-11-03', '2026-11-05', '2026-11-02'])
})

it('names no day as the highest when a higher one must be unknown', () => {
  expect(knownTopDays(usage(19, [['2026-11-10', 0.1]]))).toEqual([])
  expect(knownTopDays(usage(19, [['2026-11-10', 1.9]]))).toHaveLength(1)
})
