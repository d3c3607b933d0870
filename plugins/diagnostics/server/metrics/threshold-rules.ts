import { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { Technology } from '@dcesop/sdk-plugin/contracts'
import { metricIds, type MetricId } from './catalogue.ts'

/** A dated threshold. `degraded` and `critical` are in the metric's unit, or a share of the plan's promise. */
export interface ThresholdRule {
  readonly id: string
  readonly metric: MetricId
  readonly technology: Technology
  /** On which side of the threshold the value is bad. */
  readonly side: 'below' | 'above'
  readonly degraded: number
  readonly critical?: number
  readonly relativeToPromise?: boolean
  /** How far back over a threshold the value must come before the state clears (hysteresis). */
  readonly margin: number
  /** First day, UTC, on which the rule holds. */
  readonly validFrom: string
  readonly source: string
  readonly certainty: 'standard' | 'official' | 'press' | 'unverified' | 'our-default'
}

/** JSON Schema of one rule; the same for the shipped file and for rules in the plugin's configuration. */
const thresholdRuleSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'metric', 'technology', 'side', 'degraded', 'margin', 'validFrom', 'source', 'certainty'],
  properties: {
    id: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 60 },
    metric: { enum: metricIds },
    technology: { enum: ['mobile', 'fibre'] },
    side: { enum: ['below', 'above'] },
    degraded: { type: 'number' },
    critical: { type: 'number' },
    relativeToPromise: { type: 'boolean' },
    margin: { type: 'number', minimum: 0 },
    validFrom: { type: 'string', format: 'date' },
    source: { type: 'string', minLength: 1, maxLength: 300 },
    certainty: { enum: ['standard', 'official', 'press', 'unverified', 'our-default'] },
  },
} as const

export const thresholdsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['rules'],
  properties: { rules: { type: 'array', items: thresholdRuleSchema } },
} as const
// Each start waits for it, so a spec checks that the schema is one.
const ajv = new Ajv2020({ allErrors: true, validateSchema: false, formats: { date: fullFormats.date } })
const validate = ajv.compile<{ rules: ThresholdRule[] }>(thresholdsSchema)

/** The rules of all dates; answers which hold at a moment. */
export class ThresholdBook {
  readonly #byKey: ReadonlyMap<string, readonly ThresholdRule[]>

  /**
   * @param documents files of the shape `{ rules: [...] }`; a rule of a later document wins over one of the same id and day
   * @throws Error that names the first thing wrong with a document
   */
  constructor(...documents: readonly unknown[]) {
    const rules = new Map<string, ThresholdRule>()
    for (const document of documents) {
      if (!validate(document)) throw new Error(`Thresholds are not valid: ${ajv.errorsText(validate.errors)}`)
      for (const rule of document.rules) rules.set(`${rule.id}@${rule.validFrom}`, rule)
    }
    for (const rule of rules.values()) assertOrdered(rule)
    this.#byKey = Map.groupBy(rules.values(), (rule) => key(rule.metric, rule.technology))
  }

  /** Rules in force at that moment: of each id the one with the latest `validFrom` that is not after it. */
  at(metric: MetricId, technology: Technology, moment: Date): ThresholdRule[] {
    const day = moment.toISOString().slice(0, 10)
    const current = new Map<string, ThresholdRule>()
    for (const rule of this.#byKey.get(key(metric, technology)) ?? []) {
      const known = current.get(rule.id)
      if (rule.validFrom <= day && (known === undefined || known.validFrom < rule.validFrom)) current.set(rule.id, rule)
    }
    return [...current.values()]
  }
}

const key = (metric: MetricId, technology: Technology): string => `${metric}/${technology}`

function assertOrdered(rule: ThresholdRule): void {
  if (rule.critical === undefined) return
  const ordered = rule.side === 'below' ? rule.critical < rule.degraded : rule.critical > rule.degraded
  if (!ordered)
    throw new Error(
      `Threshold "${rule.id}": critical (${rule.critical}) must be worse than degraded (${rule.degraded}).`,
    )
}
