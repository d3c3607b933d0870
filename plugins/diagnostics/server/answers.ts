import { metricIds } from './metrics/catalogue.ts'
import { incidentCauses } from './issues/incident.ts'
import { stepIds } from './diagnosis/document.ts'
import { closed } from './schemas.ts'

/** Answers of the routes that machines and other programs rely on, for the OpenAPI document. */
const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const list = (items: object): object => ({ type: 'array', items })
const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] })
const severity = { enum: ['degraded', 'critical'] }

export const batchReport = closed({
  accepted: count,
  duplicates: count,
  rejected: count,
  errors: { ...list(closed({ line: count, code: text, message: text })), maxItems: 100 },
})

export const focusAnswer = closed({
  region: text,
  services: list(closed({ serviceId: text, until: time, intervalMs: count })),
})

export const incidentAnswer = closed({
  id: text,
  region: text,
  origin: { enum: ['detected', 'declared'] },
  elementKind: { enum: ['cell', 'olt'] },
  elementIds: list(text),
  site: text,
  severity,
  cause: { enum: incidentCauses },
  causeId: text,
  startedAt: time,
  updatedAt: time,
  endedAt: orNull(time),
  eta: orNull(time),
  services: count,
  affected: count,
  simulated: { type: 'boolean' },
})

export const incidentsAnswer = closed({ region: text, incidents: list(incidentAnswer) })

export const overviewAnswer = closed({
  region: text,
  at: time,
  incidents: list(incidentAnswer),
  sites: list(closed({ site: text, degraded: count, critical: count, simulated: { type: 'boolean' } })),
  degraded: count,
  critical: count,
})

const number = { type: 'number' } as const
export const seriesAnswer = closed({
  serviceId: text,
  metric: { enum: metricIds },
  unit: text,
  from: time,
  to: time,
  resolution: { enum: ['raw', 'minute', 'hour', 'day'] },
  points: list(closed({ at: time, count, mean: number, min: number, max: number, last: number })),
})

export const diagnosisStarted = closed({ id: text })

/** Steps and verdict; members that depend on the step's state are described in the plugin's README. */
export const diagnosisAnswer = closed({
  id: text,
  region: text,
  state: { enum: ['running', 'done', 'interrupted'] },
  customerId: text,
  serviceId: text,
  startedAt: time,
  endedAt: orNull(time),
  steps: list({ type: 'object', required: ['id', 'status'], properties: { id: { enum: stepIds }, status: text } }),
  result: orNull({ type: 'object', required: ['messageId', 'evidence', 'nextSteps', 'confidence'] }),
})
