import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { fibreService, mobileService } from '../testing/fixtures.ts'
import { openStores } from '../stores.ts'
import { machine, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { Arrivals } from './arrivals.ts'
import { ingestBatch } from './ingest-batch.ts'

describe('POST /telemetry', () => {
  let host: TestHost
  beforeAll(async () => {
    const services = [mobileService(), fibreService(), fibreService({ id: 's_mx', region: 'mx', customerId: 'c_mx' })]
    host = await startDiagnostics(services, { ingest: { lines: 2_000, batchesPerClient: 2, batchesPerRegion: 3 } })
  })
  afterAll(() => host.dispose())

  it('stores rows once however often they are sent', async () => {
    const rows = rowsOf(host, 's_mobile', [{ rsrp: -90 }, { rsrp: -91 }, { rsrp: -92 }], { source: 'once' })
    expect(await send(host, rows)).toMatchObject({
      status: 200,
      body: { accepted: 3, duplicates: 0, rejected: 0, errors: [] },
    })
    expect((await send(host, rows.toReversed())).body).toMatchObject({ accepted: 0, duplicates: 3 })
    const next = rowsOf(host, 's_mobile', [{ rsrp: -93 }], { source: 'twice' })
    expect((await send(host, [...next, ...next, ...rows])).body).toMatchObject({
      accepted: 1,
      duplicates: 4,
      rejected: 0,
    })
  })

  it('has on record who sends, before the first row is stored', async () => {
    const sent = await startDiagnostics([mobileService()])
    const [row] = rowsOf(sent, 's_mobile', [{ rsrp: -90 }])
    for (let time = 0; time < 3; time += 1) await send(sent, [row ?? {}])
    expect(sent.audits).toEqual([{ action: 'telemetry.ingest', region: 'br' }])
    await sent.dispose()
  })

  it('names the rows of a source that counts anew, which are no repetitions', async () => {
    const [row] = rowsOf(host, 's_mobile', [{ rsrp: -90, loss: 0 }], { source: 'restarted' })
    const sent = [
      row,
      { ...row, metrics: { loss: 0, rsrp: -90 } },
      { ...row, metrics: { rsrp: -91, loss: 0 } },
      { ...row, at: host.clock.at(-500) },
      { ...row, metrics: { rsrp: -90 } },
    ]
    const outcome = (lines: number[]) => ({
      rejected: 3,
      errors: lines.map((line) => expect.objectContaining({ line, code: 'sequence_reused' })),
    })
    const first = await send(host, sent as object[])
    expect(first.body).toMatchObject({ accepted: 1, duplicates: 1, ...outcome([3, 4, 5]) })
    const again = await send(host, (sent as object[]).toReversed())
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 2, ...outcome([1, 2, 3]) })
  })

  it('takes the good rows of a batch and names the line of each bad one', async () => {
    const [row] = rowsOf(host, 's_mobile', [{ rsrp: -90 }], { source: 'mixed' })
    const lines = [
      JSON.stringify(row),
      'nonsense',
      JSON.stringify({ ...row, seq: 1, serviceId: 's_nobody' }),
      '',
      JSON.stringify({ ...row, seq: 2, metrics: { opticalRx: -20 } }),
      JSON.stringify({ ...row, seq: 3, at: host.clock.at(600_000) }),
      JSON.stringify({ ...row, seq: 4, at: host.clock.at(-40 * 3_600_000) }),
      JSON.stringify({ ...row, seq: 5, extra: 1 }),
    ]
    expect((await host.request(machine, 'POST', '/telemetry', { body: lines.join('\n') })).body).toEqual({
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
    const [row] = rowsOf(host, 's_mx', [{ opticalRx: -20 }])
    expect((await send(host, [row ?? {}])).body).toMatchObject({ rejected: 1, errors: [{ code: 'unknown_service' }] })
    const foreign = await host.request(machine, 'POST', '/telemetry?region=mx', { body: JSON.stringify(row) })
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('takes no row so late that the minutes beside it are gone, however long raw samples are kept', async () => {
    const patient = await startDiagnostics([mobileService()], { retention: { rawHours: 96, minuteDays: 2 } })
    const at = (hours: number) => rowsOf(patient, 's_mobile', [{ rsrp: -90 }], { from: -hours * 3_600 })
    const report = await send(patient, [...at(45), ...at(47)])
    expect(report.body).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 2, code: 'at_too_old' }] })
    await patient.dispose()
  })

  it('reports at most a hundred errors', async () => {
    const answer = await host.request(machine, 'POST', '/telemetry', { body: 'x\n'.repeat(300) })
    expect(answer.body).toMatchObject({ rejected: 300 })
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(100)
  })

  it('refuses a batch with too many lines, and what it had stored counts as duplicate later', async () => {
    const rows = rowsOf(
      host,
      's_mobile',
      Array.from({ length: 2_001 }, () => ({ rsrp: -90 })),
      { source: 'long', every: 0 },
    )
    expect(await send(host, rows)).toMatchObject({ status: 413, body: { code: 'batch_too_large' } })
    const again = await send(host, rows.slice(0, 2_000))
    const { accepted, duplicates } = again.body as { accepted: number; duplicates: number }
    expect(accepted + duplicates).toBe(2_000)
    expect(duplicates).toBeGreaterThan(0)
  })

  it('puts batches off with 429 and Retry-After while too many are under way, and loses none', async () => {
    const batches = Array.from({ length: 6 }, (_, index) =>
      rowsOf(
        host,
        's_mobile',
        Array.from({ length: 900 }, () => ({ rsrp: -90 })),
        { source: `burst-${index}`, every: 0 },
      ),
    )
    const answers = await Promise.all(batches.map((rows) => send(host, rows)))
    const busy = answers.filter((answer) => answer.status === 429)
    expect(busy).toHaveLength(4)
    for (const answer of busy)
      expect(answer).toMatchObject({ headers: { 'retry-after': '1' }, body: { code: 'ingest_busy' } })
    const stored = answers.filter((answer) => answer.status === 200)
    expect(stored.map((answer) => (answer.body as { accepted: number }).accepted)).toEqual([900, 900])
  })

  it('keeps what was stored of a batch whose client went away, and completes it when it is sent again', async () => {
    const values = Array.from({ length: 700 }, () => ({ rsrp: -90 }))
    const rows = rowsOf(host, 's_mobile', values, { every: 0, from: -60 })
    const cut = async function* (): AsyncGenerator<string> {
      for (const row of rows.slice(0, 650)) yield `${JSON.stringify(row)}\n`
      throw new Error('the client went away')
    }
    const now = new Date(host.clock.at(0))
    const parts = {
      inventory: { find: async () => new Map([['s_mobile', mobileService()]]) } as unknown as Inventory,
      limits: { bodyBytes: 1e7, lineBytes: 4_096, lines: 2_000 },
      window: () => ({ oldest: now.getTime() - 86_400_000, newest: now.getTime() }),
      arrivals: new Arrivals(() => now),
      onStored: async () => {},
    }
    await expect(ingestBatch(openStores(host.data, 'br'), cut(), parts)).rejects.toThrow('went away')
    expect((await send(host, rows)).body).toMatchObject({ accepted: 200, duplicates: 500, rejected: 0 })
  })

  it('lists what machines must measure, without what identifies a person', async () => {
    const answer = await host.request(machine, 'GET', '/inventory?region=br')
    const lines = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map((line) => line['serviceId'])).toEqual(['s_fibre', 's_mobile'])
    expect(JSON.stringify(lines)).not.toContain('4321')
  })
})
