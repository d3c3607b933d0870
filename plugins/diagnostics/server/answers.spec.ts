import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import * as answers from './answers.ts'
import { fibreService } from './testing/fixtures.ts'
import { agent, machine, rowsOf, send, startDiagnostics } from './testing/diagnostics-host.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)

describe('answers are what the OpenAPI document says', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startDiagnostics([fibreService()])
    await send(host, rowsOf(host, 's_fibre', [{ opticalRx: -29 }, { opticalRx: -29 }, { opticalRx: -29 }]))
    await host.runJob('follow-samples')
    await host.read(agent, '/customers/br/c_one/live')
  })
  afterAll(() => host.dispose())

  const incident = {
    region: 'br',
    elementKind: 'olt',
    elementIds: ['olt-1'],
    site: 'Batel',
    severity: 'critical',
    cause: 'fibre-cut',
    startedAt: '2026-01-01T00:00:00Z',
    eta: null,
  }
  const order = { region: 'br', customerId: 'c_one', serviceId: 's_fibre' }

  it.each<[keyof typeof answers, () => Promise<{ body: unknown }>]>([
    ['batchReport', () => host.request(machine, 'POST', '/telemetry', { body: 'nonsense' })],
    ['focusAnswer', () => host.request(machine, 'GET', '/focus?region=br')],
    ['incidentAnswer', () => host.request(machine, 'POST', '/incidents', { body: incident })],
    ['incidentsAnswer', () => host.request(agent, 'GET', '/incidents?region=br')],
    ['overviewAnswer', () => host.request(agent, 'GET', '/overview?region=br')],
    ['diagnosisStarted', () => host.request(agent, 'POST', '/diagnoses', { body: order })],
    [
      'diagnosisAnswer',
      async () => {
        const started = await host.request(agent, 'POST', '/diagnoses', { body: order })
        return host.request(agent, 'GET', `/diagnoses/br/${(started.body as { id: string }).id}`)
      },
    ],
    [
      'seriesAnswer',
      () => {
        const query = new URLSearchParams({
          metric: 'opticalRx',
          from: host.clock.at(-3_600_000),
          to: host.clock.at(60_000),
        })
        return host.request(agent, 'GET', `/services/br/s_fibre/series?${query.toString()}`)
      },
    ],
  ])('%s', async (name, ask) => {
    const { body } = await ask()
    const valid = ajv.validate(answers[name], JSON.parse(JSON.stringify(body)))
    expect({ valid, errors: ajv.errors ?? [] }).toEqual({ valid: true, errors: [] })
  })
})
