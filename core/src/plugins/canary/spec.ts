import type { Identity } from '@dcesop/sdk-plugin'
import { createHash } from 'node:crypto'

/** Who gets the new version first. */
export type Cohort =
  | { readonly percent: number }
  | { readonly regions: readonly string[] }
  | { readonly subjects: readonly string[] }

/** How much worse than the version before a canary may be. */
export interface Budgets {
  /** Share of failed requests (500 and 504) above that of the version before, 0 to 1. */
  readonly errorRatio: number
  /** 95th percentile of the response time, as a multiple of that of the version before. */
  readonly p95Ratio: number
  /** Failures of its screens in the browsers of its people, above what the version before has in as many requests. */
  readonly uiErrors: number
}

/** A canary as the operator asked for it, defaults filled in. */
export interface CanarySpec {
  readonly cohort: Cohort
  /** Requests to the canary before it is judged. */
  readonly minRequests: number
  /** Time before it is judged; both must be reached. */
  readonly minSeconds: number
  readonly budgets: Budgets
  /** `manual`: within its budgets it waits for somebody. */
  readonly promote: 'auto' | 'manual'
}

/** The body's `canary`, checked by `canaryBody`. */
export interface CanaryRequest extends Partial<Omit<CanarySpec, 'cohort' | 'budgets'>> {
  readonly percent?: number
  readonly regions?: readonly string[]
  readonly subjects?: readonly string[]
  readonly budgets?: Partial<Budgets>
}

const defaults = { minRequests: 100, minSeconds: 300, promote: 'auto' } as const
const defaultBudgets: Budgets = { errorRatio: 0.01, p95Ratio: 1.5, uiErrors: 0 }

const names = {
  type: 'array',
  minItems: 1,
  maxItems: 1000,
  uniqueItems: true,
  items: { type: 'string', maxLength: 200 },
}

/** JSON Schema of the body's `canary`: exactly one cohort. */
export const canaryBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    percent: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
    regions: names,
    subjects: names,
    minRequests: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    minSeconds: { type: 'integer', minimum: 1, maximum: 604_800 },
    budgets: {
      type: 'object',
      additionalProperties: false,
      properties: {
        errorRatio: { type: 'number', minimum: 0, maximum: 1 },
        p95Ratio: { type: 'number', minimum: 1, maximum: 100 },
        uiErrors: { type: 'integer', minimum: 0, maximum: 1_000_000 },
      },
    },
    promote: { enum: ['auto', 'manual'] },
  },
  oneOf: [{ required: ['percent'] }, { required: ['regions'] }, { required: ['subjects'] }],
} as const

export function canarySpec({ percent, regions, subjects, budgets, ...rest }: CanaryRequest): CanarySpec {
  const cohort = regions ? { regions } : subjects ? { subjects } : { percent: percent ?? 0 }
  return { ...defaults, ...rest, cohort, budgets: { ...defaultBudgets, ...budgets } }
}

/** Whether the person gets the canary: the same answer on every node, for as long as it lasts. */
export function belongsTo(cohort: Cohort, plugin: string, { subject, regions }: Identity): boolean {
  if ('regions' in cohort) return regions[0] !== undefined && cohort.regions.includes(regions[0])
  if ('subjects' in cohort) return cohort.subjects.includes(subject)
  return shareOf(plugin, subject) < cohort.percent
}

/** Where a person stands between 0 and 100; with another plugin elsewhere, so that not the same people always go first. */
function shareOf(plugin: string, subject: string): number {
  const hash = createHash('sha256').update(`${plugin}\0${subject}`).digest()
  return (hash.readUInt32BE(0) / 2 ** 32) * 100
}
