import { createI18n } from '@dcesop/sdk-plugin/i18n'
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
  ...['unknown', 'stale', 'unjudged', 'inactive', 'held'].map((state) => `metric.state.${state}`),
  ...['ok', 'degraded', 'critical', 'stale', 'unknown', 'suspended', 'exhausted', 'runningOut'].map(
    (state) => `health.${state}`,
  ),
  ...stepIds.map((id) => `step.${id}`),
  ...resultMessageIds,
  ...['none', 'incomplete', ...causes].map((cause) => `timeline.diagnosis.${cause}`),
  ...incidentCauses.map((cause) => `incident.cause.${cause}`),
]

describe('message ids that the backend emits', () => {
  it.each(['es', 'pt-BR', 'en'])('all have a text in %s', (locale) => {
    const catalogue = catalogueOf(locale)
    expect(emitted.filter((id) => !catalogue[id])).toEqual([])
  })
})

describe('numbers in sentences', () => {
  const catalogues = Object.fromEntries(manifest.i18n.locales.map((locale) => [locale, catalogueOf(locale)]))
  const say = (locale: string, id: string, values: Record<string, unknown>) =>
    createI18n({ locale, catalogues }).t(id, values).replaceAll('\u00a0', ' ')

  it.each([
    ['es', 0, '0 servicios afectados, comenzó ayer.'],
    ['es-CO', 1, '1 servicio afectado, comenzó ayer.'],
    ['es-MX', 1_000_000, '1,000,000 de servicios afectados, comenzó ayer.'],
    ['pt-BR', 0, '0 serviço afetado, começou ontem.'],
    ['pt-BR', 2, '2 serviços afetados, começou ontem.'],
    ['pt-BR', 1_000_000, '1.000.000 de serviços afetados, começou ontem.'],
  ])('agree with what they count, in %s for %d', (locale, affected, said) => {
    expect(say(locale, 'ui.incident.text', { affected, time: locale === 'pt-BR' ? 'ontem' : 'ayer' })).toBe(said)
  })

  it('say none where a naught would stand alone', () => {
    expect(say('pt-BR', 'ui.network.counts', { critical: 35, degraded: 0 })).toBe(
      '35 serviços críticos, nenhum degradado',
    )
    expect(say('en', 'ui.network.counts', { critical: 9, degraded: 0 })).toBe('9 critical services, none degraded')
    expect(say('es-CO', 'ui.network.counts', { critical: 0, degraded: 1 })).toBe('ningún servicio crítico, 1 degradado')
  })

  it.each([
    ['es', 'Usó el 85 % del paquete.'],
    ['es-MX', 'Usó el 85% del paquete.'],
    ['pt-BR', 'Usou 85% do pacote.'],
    ['en', '85% of the allowance is used.'],
  ])('have the percent sign as in %s', (locale, said) => {
    expect(say(locale, 'step.allowance.ok', { percent: 85 })).toBe(said)
  })

  it('have their unit and the decimal mark of the language', () => {
    const values = { metric: 'down', services: 12, median: 45.2 }
    expect(say('pt-BR', 'step.congestion.ok.cell', values)).toBe(
      'Os vizinhos da célula estão bem (mediana de 12 vizinhos, na medida deste plano: 45,2 Mbps).',
    )
    expect(say('es-MX', 'step.congestion.ok.olt', { ...values, metric: 'latency' })).toMatch(/: 45\.2 ms\)\.$/)
  })
})

function catalogueOf(locale: string): Record<string, string> {
  const file = path.resolve(import.meta.dirname, '..', manifest.i18n.path, `${locale}.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}
