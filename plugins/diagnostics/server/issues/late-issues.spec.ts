import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { fibreService } from '../testing/fixtures.ts'
import { agent, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'

interface Issue {
  metric: string
  startedAt: string
  endedAt: string | null
  lastSeenAt: string
}

const dark = { opticalRx: -29 }
const good = { opticalRx: -19 }

describe('samples that come in after newer ones', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await startDiagnostics([fibreService()])
  })
  afterEach(() => host.dispose())

  /** Seconds before now, one a minute. */
  async function take(values: readonly (typeof dark)[], from: number): Promise<void> {
    await send(host, rowsOf(host, 's_fibre', values, { from, every: 60 }))
    await host.runJob('follow-samples')
  }
  const issues = async () =>
    (await host.read<{ issues: Issue[] }>(agent, '/customers/br/c_one/issues')).issues.map((issue) => ({
      from: (Date.parse(issue.startedAt) - host.clock.now().getTime()) / 1_000,
      seen: (Date.parse(issue.lastSeenAt) - host.clock.now().getTime()) / 1_000,
      to: issue.endedAt && (Date.parse(issue.endedAt) - host.clock.now().getTime()) / 1_000,
    }))

  it('tell of what was bad meanwhile, and has ended', async () => {
    await take([good, good], -7_200)
    await take([good], -60)
    await take([good, dark, dark, dark, dark, good], -3_600)
    expect(await issues()).toEqual([{ from: -3_540, seen: -3_360, to: -3_300 }])
    await take([dark], -3_330)
    expect(await issues()).toEqual([{ from: -3_540, seen: -3_330, to: -3_300 }])
    // It began earlier than was known; it is the same one all the same.
    await take([dark, dark], -3_570)
    expect(await issues()).toEqual([{ from: -3_540, seen: -3_330, to: -3_300 }])
  })

  it('tell of it in pieces too, and nothing of single bad samples', async () => {
    await take([good], -60)
    await take([dark], -3_600)
    await take([good, good, good, dark], -1_800)
    expect(await issues()).toEqual([])
    await take([dark], -3_540)
    await take([dark], -3_480)
    expect(await issues()).toEqual([{ from: -3_600, seen: -3_480, to: -1_800 }])
  })

  it('do not touch what is open, nor tell the same time twice', async () => {
    await take([dark, dark, dark, dark], -240)
    const open = { from: -240, seen: -60, to: null }
    expect(await issues()).toEqual([open])
    await take([dark, dark, dark], -420)
    expect(await issues()).toEqual([open])
    await take([good, dark, dark, dark, good, good, good], -7_200)
    expect(await issues()).toEqual([open, { from: -7_140, seen: -7_020, to: -6_960 }])
  })
})
