import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { fibreService } from '../testing/fixtures.ts'
import { agent, machine, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'

interface Incident {
  id: string
  eta: string | null
  severity: string
}

describe('declared incidents', () => {
  const olt = { kind: 'olt', id: 'olt/sp/1', site: 'Batel' } as const
  let host: TestHost
  beforeEach(async () => {
    host = await startDiagnostics([fibreService({ networkElement: olt })])
  })
  afterEach(() => host.dispose())

  const declare = (change: object = {}) =>
    host.request(machine, 'POST', '/incidents', {
      body: {
        region: 'br',
        elementKind: 'olt',
        elementIds: [olt.id],
        site: olt.site,
        severity: 'critical',
        cause: 'planned-work',
        startedAt: host.clock.at(0),
        eta: null,
        ...change,
      },
    })
  const change = (id: string, body: object) =>
    host.request(machine, 'PATCH', `/incidents/${encodeURIComponent(id)}`, { body: { region: 'br', ...body } })
  const ofCustomer = async () =>
    (await host.read<{ incidents: Incident[] }>(agent, '/customers/br/c_one/live')).incidents
  const ofRegion = async (path: string) => (await host.read<{ incidents: Incident[] }>(agent, path)).incidents

  it('are neither declared nor changed where that cannot be put on record', async () => {
    expect((await declare({ reference: 'kept' })).status).toBe(201)
    const before = await ofRegion('/incidents?region=br')
    const push = () => {
      throw new Error('The audit does not answer.')
    }
    Object.assign(host.audits, { push })
    const answers = [await declare({ reference: 'unseen' }), await change('nms:kept', { ended: true })]
    delete (host.audits as { push?: unknown }).push
    expect(answers.map(({ status }) => status)).toEqual([500, 500])
    expect(await ofRegion('/incidents?region=br')).toEqual(before)
  })

  it('name cells and OLTs as the inventory does, and can be ended whatever their reference', async () => {
    const reference = 'r'.repeat(120)
    expect(await declare({ reference })).toMatchObject({ status: 201, body: { services: 1 } })
    expect(await ofCustomer()).toHaveLength(1)
    expect(await change(`nms:${reference}`, { ended: true })).toMatchObject({ status: 200 })
    expect(await ofCustomer()).toEqual([])
    expect(await change(`nms:${reference}`, { eta: null })).toMatchObject({ status: 409 })
    expect(await change('nms:other', { eta: null })).toMatchObject({ status: 404 })
  })

  it('are never beside a green verdict, however good the values are', async () => {
    const verdict = async () => {
      const { health } = await host.read<{ health: { state: string; parts: object[] } }>(
        agent,
        '/customers/br/c_one/live',
      )
      return [health.state, health.parts.find((part) => 'part' in part && part.part === 'network')]
    }
    await send(host, rowsOf(host, 's_fibre', [{ opticalRx: -19, loss: 0 }]))
    expect(await verdict()).toMatchObject(['ok', { messageId: 'health.network.ok' }])
    const reported = { messageId: 'health.network.incident', serviceId: 's_fibre', at: host.clock.at(0) }
    await declare({ reference: 'x', severity: 'degraded' })
    expect(await verdict()).toMatchObject(['degraded', reported])
    await change('nms:x', { severity: 'critical' })
    expect(await verdict()).toMatchObject(['critical', reported])
    await send(host, rowsOf(host, 's_fibre', [{ opticalRx: -30 }], { from: 0 }))
    expect(await verdict()).toMatchObject(['critical', { metric: 'opticalRx', value: -30 }])
    await declare({ reference: 'elsewhere', elementIds: ['olt/sp/2'] })
    await change('nms:x', { ended: true })
    await send(host, rowsOf(host, 's_fibre', [{ opticalRx: -19 }], { from: 1 }))
    expect(await verdict()).toMatchObject(['ok', { messageId: 'health.network.ok' }])
  })

  it('are nobody’s trouble before they begin', async () => {
    await declare({ startedAt: host.clock.at(3_600_000) })
    expect(host.messages).toEqual([])
    expect([await ofCustomer(), await ofRegion('/overview?region=br')]).toEqual([[], []])
    expect(await ofRegion('/incidents?region=br')).toHaveLength(1)
    host.clock.advance(3_600_000)
    expect(await ofCustomer()).toHaveLength(1)
    expect(await ofRegion('/overview?region=br')).toHaveLength(1)
  })

  it('begin now by a clock that is a little ahead', async () => {
    await declare({ startedAt: host.clock.at(120_000) })
    expect(await ofCustomer()).toMatchObject([{ startedAt: host.clock.at(0) }])
    expect(host.messages).toHaveLength(2)
  })

  it('keep what two systems change of them at the same time', async () => {
    await declare({ reference: 'both' })
    const eta = host.clock.at(7_200_000)
    await Promise.all([change('nms:both', { eta }), change('nms:both', { severity: 'degraded' })])
    expect(await ofCustomer()).toMatchObject([{ eta, severity: 'degraded' }])
  })

  it.each(['\u200b', 'Centro\nNorte', 'Centro \u202e', 'Centro \ud83d'])(
    'have a site that a screen can show, not %j',
    async (site) => {
      expect(await declare({ site })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    },
  )

  it.each([{ startedAt: '2016-12-31T23:59:60Z' }, { eta: '2026-11-20T12:00:00-03' }])(
    'have times that a calendar has, not %j',
    async (times) => {
      expect(await declare(times)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    },
  )
})
