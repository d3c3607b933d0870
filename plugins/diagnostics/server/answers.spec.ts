import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { startEmbedded } from '../../../core/embedded-db/src/index.ts'
import * as answers from './answers.ts'
import { fibreService } from './testing/fixtures.ts'
import { agent, machine, openBench, rowsOf, type Bench } from './testing/plugin-host.ts'

// A database and a plugin start in hooks; how long that takes is the machine's affair.
jest.setTimeout(60_000)

const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)

describe('answers are what the OpenAPI document says', () => {
  let bench: Bench
  beforeAll(async () => {
    const database = await startEmbedded({ memory: true, durability: 'none', port: 0 })
    bench = await openBench(database, [fibreService()])
    await bench.send(rowsOf(bench, 's_fibre', [{ opticalRx: -29 }, { opticalRx: -29 }, { opticalRx: -29 }]))
    await bench.host.runJob('follow-samples')
    await bench.get('/customers/br/c_one/live')
  })
  afterAll(() => bench.dispose())

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
    ['batchReport', () => bench.send('nonsense')],
    ['focusAnswer', () => bench.host.request(machine, 'GET', '/focus?region=br')],
    ['incidentAnswer', () => bench.host.request(machine, 'POST', '/incidents', { body: incident })],
    ['incidentsAnswer', () => bench.host.request(agent, 'GET', '/incidents?region=br')],
    ['overviewAnswer', () => bench.host.request(agent, 'GET', '/overview?region=br')],
    ['diagnosisStarted', () => bench.host.request(agent, 'POST', '/diagnoses', { body: order })],
    [
      'diagnosisAnswer',
      async () => {
        const started = await bench.host.request(agent, 'POST', '/diagnoses', { body: order })
        return bench.host.request(agent, 'GET', `/diagnoses/br/${(started.body as { id: string }).id}`)
      },
    ],
    [
      'seriesAnswer',
      () => {
        const query = new URLSearchParams({ metric: 'opticalRx', from: bench.at(-3_600), to: bench.at(60) })
        return bench.host.request(agent, 'GET', `/services/br/s_fibre/series?${query.toString()}`)
      },
    ],
  ])('%s', async (name, ask) => {
    const { body } = await ask()
    const valid = ajv.validate(answers[name], JSON.parse(JSON.stringify(body)))
    expect({ valid, errors: ajv.errors ?? [] }).toEqual({ valid: true, errors: [] })
  })
})
