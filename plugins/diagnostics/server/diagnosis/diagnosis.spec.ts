import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { setTimeout as wait } from 'node:timers/promises'
import type { MetricValues } from '../metrics/catalogue.ts'
import { fibreService, mobileService } from '../testing/fixtures.ts'
import { resultMessageIds } from './conclude.ts'
import { historyTitle } from './history-title.ts'
import { agent, machine, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'

interface Diagnosis {
  id: string
  state: string
  steps: { id: string; status: string }[]
  result: { cause?: string; confidence: string; evidence: { value: number }[] } | null
}

const good: MetricValues = { opticalRx: -19, down: 280, up: 140, latency: 9, loss: 0, uptime: 90_000 }
const order = { region: 'br', customerId: 'c_one', serviceId: 's_fibre' }

describe('POST /diagnoses', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await startDiagnostics([
      mobileService(),
      fibreService(),
      fibreService({ id: 's_mx', customerId: 'c_mx', region: 'mx' }),
    ])
  })
  afterEach(() => host.dispose())

  const post = (body: object, headers: Record<string, string> = {}) =>
    host.request(agent, 'POST', '/diagnoses', { body, headers })
  async function finished(id: string): Promise<Diagnosis> {
    for (;;) {
      const diagnosis = await host.read<Diagnosis>(agent, `/diagnoses/br/${id}`)
      if (diagnosis.state !== 'running') return diagnosis
      await wait(20)
    }
  }
  async function diagnose(): Promise<Diagnosis> {
    const answer = await post(order)
    expect(answer.status).toBe(201)
    return finished((answer.body as { id: string }).id)
  }

  it('finds the cause, stops there, and shows what was measured', async () => {
    await send(host, rowsOf(host, 's_fibre', [{ ...good, opticalRx: -28.6, loss: 9 }]))
    const diagnosis = await diagnose()
    expect(diagnosis).toMatchObject({
      state: 'done',
      result: { cause: 'optical-low', confidence: 'high', evidence: [{ value: -28.6 }] },
    })
    expect(diagnosis.steps.map(({ id, status }) => [id, status])).toEqual([
      ['mass-incident', 'ok'],
      ['subscription', 'ok'],
      ['measurement', 'ok'],
      ['access', 'fail'],
      ...['congestion', 'cpe', 'allowance', 'throughput', 'quality'].map((id) => [id, 'skipped']),
    ])
  })

  it('streams each step as it runs and ends, then the verdict', async () => {
    await send(host, rowsOf(host, 's_fibre', [good]))
    const { id } = await diagnose()
    const stream = host.messages.filter(({ topic, key }) => topic === 'diagnostics.diagnosis' && key === id)
    const told = stream.map(({ payload }) => payload as { step?: { id: string; status: string }; result?: object })
    expect(told.slice(0, 4).map(({ step }) => [step?.id, step?.status])).toEqual([
      ['mass-incident', 'running'],
      ['mass-incident', 'ok'],
      ['subscription', 'running'],
      ['subscription', 'ok'],
    ])
    expect(told.at(-1)).toMatchObject({ result: { messageId: 'result.none' } })
  })

  it('waits for the measurement that it asked the machines for', async () => {
    const answer = await post(order)
    const { id } = answer.body as { id: string }
    for (let services: unknown[] = []; services.length === 0;) {
      const focus = await host.request(machine, 'GET', '/focus?region=br')
      services = (focus.body as { services: unknown[] }).services
    }
    await send(host, rowsOf(host, 's_fibre', [{ ...good, loss: 7 }]))
    expect((await finished(id)).result).toMatchObject({ cause: 'unstable-link', confidence: 'high' })
  })

  it('says that nothing answers when no machine measures, within its time limit', async () => {
    expect((await diagnose()).result).toMatchObject({ cause: 'unreachable' })
  })

  it('does not take what a clock that is ahead sent minutes ago for a sign of life', async () => {
    await send(host, rowsOf(host, 's_fibre', [good], { from: 240 }))
    host.clock.advance(180_000)
    expect((await diagnose()).steps[2]).toMatchObject({ id: 'measurement', status: 'timeout' })
  })

  it('puts a declared incident before every step', async () => {
    const declared = await host.request(machine, 'POST', '/incidents', {
      body: {
        region: 'br',
        elementKind: 'olt',
        elementIds: ['olt-1'],
        site: 'Batel',
        severity: 'critical',
        cause: 'fibre-cut',
        startedAt: host.clock.at(-600_000),
        eta: host.clock.at(7_200_000),
        reference: 'nms-77',
      },
    })
    expect(declared).toMatchObject({ status: 201, body: { id: 'nms:nms-77', affected: 1, origin: 'declared' } })
    const diagnosis = await diagnose()
    expect(diagnosis.result).toMatchObject({ cause: 'mass-incident', confidence: 'high' })
    expect(diagnosis.steps[0]?.status).toBe('fail')
    const ended = await host.request(machine, 'PATCH', '/incidents/nms:nms-77', {
      body: { region: 'br', ended: true },
    })
    expect(ended.status).toBe(200)
    const again = await host.request(machine, 'PATCH', '/incidents/nms:nms-77', {
      body: { region: 'br', eta: null },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'incident_ended' } })
    expect(host.messages.filter(({ topic, key }) => topic === 'diagnostics.incidents' && key === 'olt-1')).toHaveLength(
      2,
    )
  })

  it('runs once for the same Idempotency-Key and refuses the key for another service', async () => {
    const headers = { 'idempotency-key': 'call-4711-first' }
    await send(host, rowsOf(host, 's_fibre', [good]))
    const [one, two] = [await post(order, headers), await post(order, headers)]
    expect(two).toMatchObject({ status: 201, body: one.body as object })
    expect(await post({ ...order, serviceId: 's_mobile' }, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    await finished((one.body as { id: string }).id)
    expect(host.published).toHaveLength(1)
  })

  it('has on record who follows it or the customer, and nothing that somebody typed', async () => {
    const { id } = (await post(order)).body as { id: string }
    const before = host.audits.length
    for (const [topic, key] of [
      ['diagnostics.diagnosis', id],
      ['diagnostics.telemetry', 'c_one'],
    ] as const) {
      await host.listen(agent, topic, 'br', key)
      await expect(host.listen(agent, topic, 'br', '529.982.247-25')).rejects.toMatchObject({ status: 404 })
    }
    expect(host.audits.slice(before)).toEqual([
      { action: 'diagnosis.follow', region: 'br', resource: id },
      { action: 'diagnostics.follow', region: 'br', resource: 'c_one' },
    ])
  })

  it("stands in the audit record and in the customer's timeline", async () => {
    await send(host, rowsOf(host, 's_fibre', [good]))
    const { id } = await diagnose()
    expect(host.audits).toContainEqual({
      action: 'diagnosis.run',
      region: 'br',
      resource: 'c_one',
      details: { serviceId: 's_fibre', diagnosis: id },
    })
    expect(host.published).toEqual([
      expect.objectContaining({
        topic: 'customers.timeline-entry/v1',
        region: 'br',
        key: 'c_one',
        payload: {
          customerId: 'c_one',
          entry: expect.objectContaining({
            id,
            titleKey: 'timeline.diagnosis.none',
            title: expect.objectContaining({ 'pt-BR': 'Diagnóstico: nenhuma falha encontrada' }),
          }),
        },
      }),
    ])
  })

  it.each(resultMessageIds.filter((id) => id.startsWith('result.')))('has a title in the history for %s', (id) => {
    const { titleKey, title } = historyTitle(id)
    expect(Object.values(title)).not.toContain(titleKey)
  })

  it.each([
    ["another customer's service", { ...order, customerId: 'c_two' }, 404],
    ['a service of another region', { ...order, serviceId: 's_mx', customerId: 'c_mx' }, 404],
    ['a region that the agent does not serve', { region: 'mx', serviceId: 's_mx', customerId: 'c_mx' }, 404],
    ['an operator in place of a text', { ...order, serviceId: { $gt: '' } }, 400],
    ['an unknown field', { ...order, force: true }, 400],
  ])('refuses %s', async (_name, body, status) => {
    expect((await post(body)).status).toBe(status)
  })
})
