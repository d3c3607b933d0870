import type { ListAnswer, ListedPlugin } from '../api/host-answers.ts'
import type { OfferedVersion } from '../api/registry-answers.ts'
import { filtered, needsAttention, type PluginRow, rowsOf, signatureOf } from './rows.ts'

const plugin = (id: string, more: Partial<ListedPlugin> = {}): ListedPlugin => ({
  id,
  version: '1.0.0',
  state: 'ACTIVE',
  enabled: true,
  since: '2026-11-02T14:00:00.000Z',
  ...more,
})
const stored = (id: string, version: string) => ({ id, version }) as ListAnswer['packages'][number]
const offered = (id: string, version: string, rule?: string): OfferedVersion => ({
  plugin: id,
  package: `@acme/dcesop-${id}`,
  publisher: 'acme',
  version,
  channel: 'stable',
  yank: null,
  flags: [],
  approvedIn: [],
  barrier: rule === undefined ? null : { rule, sentence: rule },
})
const rows = (plugins: ListedPlugin[], packages: ListAnswer['packages'] = [], releases: OfferedVersion[] = []) =>
  rowsOf({ plugins, packages }, { configured: true, channel: 'stable', releases }, 'es-MX')

describe('the newer version', () => {
  const newer = (...given: Parameters<typeof rows>) => rows(...given)[0]?.newer

  it('is by number, not by spelling, from the store or the registry', () => {
    expect(newer([plugin('a')], [stored('a', '1.9.0'), stored('a', '1.10.0')])).toMatchObject({
      version: '1.10.0',
      source: 'store',
    })
    expect(newer([plugin('a')], [stored('a', '1.9.0')], [offered('a', '2.0.0')])).toMatchObject({
      version: '2.0.0',
      source: 'registry',
    })
  })

  it('is none when only the same or older ones are there', () => {
    expect(newer([plugin('a')], [stored('a', '1.0.0'), stored('a', '0.9.0')])).toBeNull()
  })

  it('may wait for an approval behind one that can be had, and is never one that was yanked, flagged or in another channel', () => {
    expect(rows([plugin('a')], [], [offered('a', '1.1.0'), offered('a', '2.0.0', 'unapproved')])[0]).toMatchObject({
      newer: { version: '1.1.0' },
      waiting: '2.0.0',
    })
    for (const rule of ['yanked', 'flagged', 'channel'])
      expect(rows([plugin('a')], [], [offered('a', '1.1.0', rule)])[0]).toMatchObject({ newer: null, waiting: null })
  })
})

it('lists what only another channel has, as long as nothing of it can be had otherwise', () => {
  const beta = { ...offered('a', '0.1.0-beta.1', 'channel'), channel: 'next' }
  expect(rows([], [], [beta])).toMatchObject([
    { state: 'OFFERED', newer: null, elsewhere: { version: '0.1.0-beta.1', source: 'registry', channel: 'next' } },
  ])
  expect(rows([], [], [beta, offered('a', '0.0.9')])).toMatchObject([{ newer: { version: '0.0.9' }, elsewhere: null }])
})

it('lists what is offered beside what is installed, by name', () => {
  const all = rows(
    [plugin('radio')],
    [stored('radio', '1.0.0')],
    [offered('alarm', '1.0.0'), offered('gone', '1.0.0', 'yanked')],
  )
  expect(all.map(({ id, state }) => `${id} ${state}`)).toEqual(['alarm OFFERED', 'radio ACTIVE'])
})

it('calls a plugin that was switched off disabled, and one in quarantine by its name', () => {
  const states = rows([
    plugin('a', { enabled: false, state: 'STOPPED' }),
    plugin('b', { enabled: false, state: 'QUARANTINED' }),
  ])
  expect(states.map(({ state }) => state)).toEqual(['DISABLED', 'QUARANTINED'])
})

it('tells who vouches for each: the registry, the release, or who uploaded it', () => {
  type Stored = ListAnswer['packages'][number]
  const from = (source: Stored['source'], evidence: object | null = null) => ({ source, evidence }) as Stored
  const told = rows(
    [
      plugin('a', { package: from('bundled') }),
      plugin('b', { package: from('upload') }),
      plugin('c', { package: from('upload', { package: '@acme/dcesop-c' }) }),
      plugin('d'),
    ],
    [{ ...stored('f', '1.0.0'), ...from('upload') }],
    [offered('e', '1.0.0')],
  ).map((row) => `${row.id} ${signatureOf(row)}`)
  expect(told).toEqual(['a release', 'b uploaded', 'c verified', 'd unknown', 'e atInstall', 'f uploaded'])
})

it('asks for attention where more than two of a hundred requests failed lately', () => {
  const failing = (errorRatio: number, requests = 100) =>
    rows([plugin('a', { health: { minutes: 5, requests, errorRatio, p95Ms: 20 } })]).map((row) => ({
      failed: row.failed,
      told: needsAttention(row),
    }))
  expect(failing(0.021)).toEqual([{ failed: 0.021, told: true }])
  expect(failing(0.02)).toEqual([{ failed: 0.02, told: false }])
  expect(failing(0, 0)).toEqual([{ failed: null, told: false }])
})

describe('filters', () => {
  const serving = (region: string, version: string | null) => ({
    region,
    enabled: version !== null,
    version,
    serving: version,
    differs: false,
    previous: null,
  })
  const all = rows(
    [
      plugin('radio', { owner: 'Acme Ltda', regions: [serving('br', '1.0.0'), serving('mx', null)] }),
      plugin('alarm', { state: 'FAILED', regions: [serving('br', null), serving('mx', null)] }),
      plugin('bill', { uiIncidents: { lastHour: 2 }, regions: [serving('mx', '1.0.0')] }),
    ],
    [],
    [offered('map', '1.0.0')],
  )
  const ids = (found: PluginRow[]) => found.map(({ id }) => id)
  const none = { search: '', state: 'all', region: '' } as const

  it('find by name or publisher', () => {
    expect(ids(filtered(all, { ...none, search: 'acme RAD' }))).toEqual(['radio'])
  })

  it('find what serves a region', () => {
    expect(ids(filtered(all, { ...none, region: 'mx' }))).toEqual(['bill'])
  })

  it('find what needs somebody, what is off, and what is only offered', () => {
    expect(ids(filtered(all, { ...none, state: 'attention' }))).toEqual(['alarm', 'bill'])
    expect(ids(filtered(all, { ...none, state: 'off' }))).toEqual(['alarm'])
    expect(ids(filtered(all, { ...none, state: 'offered' }))).toEqual(['map'])
    expect(all.filter(needsAttention)).toHaveLength(2)
  })
})

it('calls a plugin by its name in the nearest language, and finds it by name and id', () => {
  const all = rows([plugin('diagnostics', { title: { es: 'Diagnóstico', en: 'Diagnostics' } }), plugin('bare')])
  expect(all.map(({ title }) => title).sort()).toEqual(['Diagnóstico', 'bare'])
  for (const search of ['diagnó', 'diagnostics'])
    expect(filtered(all, { search, state: 'all', region: '' }).map(({ id }) => id)).toEqual(['diagnostics'])
})

describe('what a plugin brings', () => {
  const brings = (...given: Parameters<typeof rows>) => rows(...given).map(({ contents }) => contents)
  const told = { kinds: ['ui'], bytes: 312_000 } as const

  it('is told by the registry where only it has the version, also while that waits for an approval', () => {
    expect(brings([], [], [{ ...offered('a', '1.0.0'), ...told }])).toEqual([told])
    expect(brings([], [], [{ ...offered('a', '1.0.0', 'unapproved'), ...told }])).toEqual([told])
  })

  it('is what this host has where it has the version', () => {
    const here = { ...stored('a', '1.0.0'), kinds: ['backend'], bytes: 5000 } as const
    expect(brings([plugin('a', { package: here })], [here], [{ ...offered('a', '1.0.0'), ...told }])).toEqual([
      { kinds: ['backend'], bytes: 5000 },
    ])
    const elsewhere = { ...here, bytes: null }
    expect(brings([plugin('a', { package: elsewhere })], [], [{ ...offered('a', '1.0.0'), ...told }])).toEqual([
      { kinds: ['backend'], bytes: 312_000 },
    ])
  })

  it('is not known while the registry does not tell', () => {
    expect(brings([], [], [offered('a', '1.0.0')])).toEqual([{ kinds: null, bytes: null }])
  })
})
