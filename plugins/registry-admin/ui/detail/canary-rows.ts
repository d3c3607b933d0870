import type { Canary } from '../api/host-answers.ts'

export interface FigureRow {
  readonly kind: 'requests' | 'errors' | 'p95' | 'uiErrors'
  readonly canary: number | null
  readonly before: number | null
  /** The most that the canary may have; null where there is no budget yet. */
  readonly budget: number | null
  readonly over: boolean
}

/** The four figures of a canary with what each may be, as the host judges them. */
export function figureRows({ figures: { canary, before }, budgets }: Canary): FigureRow[] {
  const errors = before.errorRatio + budgets.errorRatio
  const p95 = before.p95Ms === null ? null : before.p95Ms * budgets.p95Ratio
  return [
    { kind: 'requests', canary: canary.requests, before: before.requests, budget: null, over: false },
    {
      kind: 'errors',
      canary: canary.errorRatio,
      before: before.errorRatio,
      budget: errors,
      over: canary.errorRatio > errors,
    },
    {
      kind: 'p95',
      canary: canary.p95Ms,
      before: before.p95Ms,
      budget: p95,
      over: canary.p95Ms !== null && p95 !== null && canary.p95Ms > p95,
    },
    {
      kind: 'uiErrors',
      canary: canary.uiErrors,
      before: before.uiErrors,
      budget: budgets.uiErrors,
      over: canary.uiErrors > budgets.uiErrors,
    },
  ]
}
