import { MongoClient } from 'mongodb'
import { startEmbedded } from '../../../../core/embedded-db/src/index.ts'
import { fibreService, mobileService } from '../testing/fixtures.ts'
import { machine, openBench, rowsOf, type Bench } from '../testing/plugin-host.ts'
import { storesBeside } from '../testing/stores.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { ingestBatch } from './ingest-batch.ts'

// A database and a plugin start in hooks; how long that takes is the machine's affair.
jest.setTimeout(60_000)

describe('POST /telemetry', () => {
  let bench: Bench
  let client: MongoClient
  beforeAll(async () => {
    const database = await startEmbedded({ memory: true, durability: 'none', port: 0 })
    client = await MongoClient.connect(database.uri)
    const services = [mobileService(), fibreService(), fibreService({ id: 's_mx', region: 'mx', customerId: 'c_mx' })]
    bench = await openBench(database, services, { ingest: { lines: 2_000, batchesPerClient: 2, batchesPerRegion: 3 } })
  })
  afterAll(async () => {
    await client.close()
    await bench.dispose()
  })

  it('stores rows once however often they are sent', async () => {
    const rows = rowsOf(bench, 's_mobile', [{ rsrp: -90 }, { rsrp: -91 }, { rsrp: -92 }], { source: 'once' })
    expect(await bench.send(rows)).toMatchObject({
      status: 200,
      body: { accepted: 3, duplicates: 0, rejected: 0, errors: [] },
    })
    expect((await bench.send(rows.toReversed())).body).toMatchObject({ accepted: 0, duplicates: 3 })
    const next = rowsOf(bench, 's_mobile', [{ rsrp: -93 }], { source: 'twice' })
    expect((await bench.send([...next, ...next, ...rows])).body).toMatchObject({
      accepted: 1,
      duplicates: 4,
      rejected: 0,
    })
  })

  it('takes the good rows of a batch and names the line of each bad one', async () => {
    const [row] = rowsOf(bench, 's_mobile', [{ rsrp: -90 }], { source: 'mixed' })
    const lines = [
      JSON.stringify(row),
      'nonsense',
      JSON.stringify({ ...row, seq: 1, serviceId: 's_nobody' }),
      '',
      JSON.stringify({ ...row, seq: 2, metrics: { opticalRx: -20 } }),
      JSON.stringify({ ...row, seq: 3, at: bench.at(600) }),
      JSON.stringify({ ...row, seq: 4, at: bench.at(-40 * 3600) }),
      JSON.stringify({ ...row, seq: 5, extra: 1 }),
    ]
    expect((await bench.send(lines.join('\n'))).body).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 6,
      errors: [
        expect.objectContaining({ line: 2, code: 'invalid_json' }),
        expect.objectContaining({ line: 3, code: 'unknown_service' }),
        expect.objectContaining({ line: 5, code: 'metric_not_for_technology' }),
        expect.objectContaining({ line: 6, code: 'at_in_future' }),
        expect.objectContaining({ line: 7, code: 'at_too_old' }),
        expect.objectContaining({ line: 8, code: 'invalid_row' }),
      ],
    })
  })

  it('knows the services of its own region only', async () => {
    const [row] = rowsOf(bench, 's_mx', [{ opticalRx: -20 }])
    expect((await bench.send([row ?? {}])).body).toMatchObject({ rejected: 1, errors: [{ code: 'unknown_service' }] })
    const foreign = await bench.host.request(machine, 'POST', '/telemetry?region=mx', { body: JSON.stringify(row) })
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('reports at most a hundred errors', async () => {
    const answer = await bench.send('x\n'.repeat(300))
    expect(answer.body).toMatchObject({ rejected: 300 })
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(100)
  })

  it('refuses a batch with too many lines, and what it had stored counts as duplicate later', async () => {
    const rows = rowsOf(
      bench,
      's_mobile',
      Array.from({ length: 2_001 }, () => ({ rsrp: -90 })),
      { source: 'long', every: 0 },
    )
    expect(await bench.send(rows)).toMatchObject({ status: 413, body: { code: 'batch_too_large' } })
    const again = await bench.send(rows.slice(0, 2_000))
    const { accepted, duplicates } = again.body as { accepted: number; duplicates: number }
    expect(accepted + duplicates).toBe(2_000)
    expect(duplicates).toBeGreaterThan(0)
  })

  it('puts batches off with 429 and Retry-After while too many are under way, and loses none', async () => {
    const batches = Array.from({ length: 6 }, (_, index) =>
      rowsOf(
        bench,
        's_mobile',
        Array.from({ length: 900 }, () => ({ rsrp: -90 })),
        { source: `burst-${index}`, every: 0 },
      ),
    )
    const answers = await Promise.all(batches.map((rows) => bench.send(rows)))
    const busy = answers.filter((answer) => answer.status === 429)
    expect(busy).toHaveLength(4)
    for (const answer of busy)
      expect(answer).toMatchObject({ headers: { 'retry-after': '1' }, body: { code: 'ingest_busy' } })
    const stored = answers.filter((answer) => answer.status === 200)
    expect(stored.map((answer) => (answer.body as { accepted: number }).accepted)).toEqual([900, 900])
  })

  it('keeps what was stored of a batch whose client went away, and completes it when it is sent again', async () => {
    const values = Array.from({ length: 700 }, () => ({ rsrp: -90 }))
    const rows = rowsOf(bench, 's_mobile', values, { every: 0, from: -60 })
    const cut = async function* (): AsyncGenerator<string> {
      for (const row of rows.slice(0, 650)) yield `${JSON.stringify(row)}\n`
      throw new Error('the client went away')
    }
    const now = new Date(bench.at(0))
    const parts = {
      inventory: { find: async () => new Map([['s_mobile', mobileService()]]) } as unknown as Inventory,
      limits: { bodyBytes: 1e7, lineBytes: 4_096, lines: 2_000 },
      window: () => ({ oldest: now.getTime() - 86_400_000, newest: now.getTime() }),
      now: () => now,
      onStored: async () => {},
    }
    await expect(ingestBatch(await storesBeside(client, 'br'), cut(), parts)).rejects.toThrow('went away')
    expect((await bench.send(rows)).body).toMatchObject({ accepted: 200, duplicates: 500, rejected: 0 })
  })

  it('lists what machines must measure, without what identifies a person', async () => {
    const answer = await bench.host.request(machine, 'GET', '/inventory?region=br')
    const lines = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map((line) => line['serviceId'])).toEqual(['s_fibre', 's_mobile'])
    expect(JSON.stringify(lines)).not.toContain('4321')
  })
})
