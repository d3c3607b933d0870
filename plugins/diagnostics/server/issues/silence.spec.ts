import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { fibreService } from '../testing/fixtures.ts'
import { agent, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'

const olt = (number: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    fibreService({
      id: `s_${number}_${index}`,
      customerId: `c_${number}_${index}`,
      networkElement: { kind: 'olt', id: `olt-${number}`, site: `site ${number}` },
    }),
  )
const cut = olt(1, 6)
const others = olt(2, 12)
const minute = 60_000

interface Incident {
  elementIds: string[]
  severity: string
  affected: number
  services: number
  startedAt: string
}

describe('an OLT that falls silent', () => {
  let host: TestHost
  /** Seconds since the beginning. */
  let passed: number
  beforeEach(async () => {
    passed = 0
    host = await startDiagnostics([...cut, ...others])
  })
  afterEach(() => host.dispose())

  /** Minutes go by in which these services are measured every four. */
  async function pass(minutes: number, heard: readonly { id: string }[]): Promise<void> {
    for (let gone = 0; gone < minutes; gone += 4) {
      host.clock.advance(4 * minute)
      passed += 4 * 60
      const rows = heard.flatMap(({ id }) => rowsOf(host, id, [{ opticalRx: -19 }], { from: passed - 1 }))
      if (rows.length > 0) await send(host, rows)
      await host.runJob('follow-samples')
      await host.runJob('watch-incidents')
    }
  }
  const open = async () => (await host.read<{ incidents: Incident[] }>(agent, '/incidents?region=br')).incidents

  it('is an incident since it was heard last, and ends when it is heard again', async () => {
    await pass(24, [...cut, ...others])
    const last = host.clock.at((passed - 1) * 1_000)
    await pass(16, others)
    expect(await open()).toEqual([])
    await pass(8, others)
    expect(await open()).toMatchObject([
      { elementIds: ['olt-1'], severity: 'critical', affected: 6, services: 6, startedAt: last },
    ])
    await pass(4, [...cut, ...others])
    expect(await open()).toEqual([])
  })

  it('is none where nothing arrives any more, nor while it comes back one by one', async () => {
    await pass(24, [...cut, ...others])
    await pass(60, [])
    expect(await open()).toEqual([])
    await pass(4, others.slice(0, 8))
    expect(await open()).toEqual([])
    await pass(16, [...others, ...cut.slice(0, 2)])
    expect(await open()).toEqual([])
  })

  it('is none where most of the region is silent: then a collector fails', async () => {
    await pass(24, [...cut, ...others])
    await pass(40, others.slice(0, 5))
    expect(await open()).toEqual([])
  })

  it('is none where customers switch off one after the other', async () => {
    await pass(24, [...cut, ...others])
    for (const left of [5, 4, 3, 2, 1]) await pass(40, [...cut.slice(0, left), ...others])
    expect(await open()).toEqual([])
  })

  it('goes on while measurements stop arriving: nobody is back', async () => {
    await pass(24, [...cut, ...others])
    await pass(24, others)
    expect(await open()).toHaveLength(1)
    await pass(60, [])
    expect(await open()).toHaveLength(1)
  })
})
