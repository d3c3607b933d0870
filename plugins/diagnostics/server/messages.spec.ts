import { readFileSync } from 'node:fs'
import path from 'node:path'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import { resultMessageIds } from './diagnosis/conclude.ts'
import { causes, stepIds } from './diagnosis/document.ts'
import { incidentCauses } from './issues/incident.ts'
import { metricIds, metrics } from './metrics/catalogue.ts'

const performance = metricIds.filter((id) => metrics[id].kind === 'performance')
const emitted = [
  ...performance.flatMap((id) => ['name', 'ok', 'degraded', 'critical'].map((part) => `metric.${id}.${part}`)),
  'metric.opticalRx.high',
  ...['unknown', 'stale', 'unjudged'].map((state) => `metric.state.${state}`),
  ...['ok', 'degraded', 'critical', 'stale', 'unknown'].map((state) => `health.${state}`),
  ...stepIds.map((id) => `step.${id}`),
  ...resultMessageIds,
  ...['none', ...causes].map((cause) => `timeline.diagnosis.${cause}`),
  ...incidentCauses.map((cause) => `incident.cause.${cause}`),
]

describe('message ids that the backend emits', () => {
  it.each(['es', 'pt-BR', 'en'])('all have a text in %s', (locale) => {
    const file = path.resolve(import.meta.dirname, '..', manifest.i18n.path, `${locale}.json`)
    const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    expect(emitted.filter((id) => !catalogue[id])).toEqual([])
  })
})
