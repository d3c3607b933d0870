import type { Canary, CanaryFigures } from '../api/host-answers.ts'
import { figureRows } from './canary-rows.ts'

const figures = (more: Partial<CanaryFigures>): CanaryFigures => ({
  requests: 10,
  failures: 0,
  uiErrors: 0,
  errorRatio: 0,
  p95Ms: 20,
  ...more,
})
const canary = (now: Partial<CanaryFigures>, before: Partial<CanaryFigures> = {}) =>
  ({
    figures: { canary: figures(now), before: figures(before) },
    budgets: { errorRatio: 0.01, p95Ratio: 1.5, uiErrors: 0 },
  }) as Canary
const over = (...given: Parameters<typeof canary>) =>
  figureRows(canary(...given))
    .filter((row) => row.over)
    .map(({ kind }) => kind)

it('measures errors and time against the version before, and browser errors absolutely', () => {
  expect(over({})).toEqual([])
  expect(over({ errorRatio: 0.02 })).toEqual(['errors'])
  expect(over({ errorRatio: 0.02 }, { errorRatio: 0.02 })).toEqual([])
  expect(over({ p95Ms: 31 })).toEqual(['p95'])
  expect(over({ uiErrors: 1 })).toEqual(['uiErrors'])
})

it('has no limit for the time before the version before was measured', () => {
  expect(figureRows(canary({ p95Ms: 500 }, { p95Ms: null, requests: 0 }))[2]).toMatchObject({
    budget: null,
    over: false,
  })
})
