import type { SignedFeed, UiFeed } from '@dcesop/sdk-plugin/contracts'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness } from '../testing/harness.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach(() => ({ devOverrides: true }))

const ui: NonNullable<PluginManifest['ui']> = {
  pages: [{ id: 'home', path: '/demo', expose: 'home', titleKey: 'demo.title', permission: 'demo:use' }],
}

/** A build that answers its own name. */
const build = (version: string, answer = version, id = 'demo') =>
  packFixture({
    id,
    version,
    manifest: { ui },
    routes: [route('GET', '/who')],
    start: `context.route({ method: 'GET', path: '/who', summary: 'x', handler: () => { context.log.warn({}, 'asked'); return { answer: '${answer}' } } })`,
    files: { 'dist/ui/remoteEntry.js': `/* ${answer} */` },
  })

interface Terminal {
  readonly code: string
  headers: { authorization: string }
}

async function begin(): Promise<Terminal> {
  const { status, json } = await host.harness.call('POST', '/api/dev/sessions', { as: '' })
  expect(status).toBe(201)
  return { code: json['code'] as string, headers: { authorization: `Dev ${String(json['token'])}` } }
}

const claim = (code: string, as = 'author') => host.harness.call('POST', '/api/dev/claims', { as, body: { code } })
const beat = ({ headers }: Terminal) =>
  host.harness.call('POST', '/api/dev/sessions/current/beats', { as: '', headers })
const end = ({ headers }: Terminal) => host.harness.call('DELETE', '/api/dev/sessions/current', { as: '', headers })
const put = ({ headers }: Terminal, raw: Buffer) =>
  host.harness.call('PUT', '/api/dev/sessions/current/package', {
    as: '',
    raw,
    headers: { ...headers, 'content-type': 'application/gzip' },
  })
const who = async (as: string) => {
  const { status, json } = await host.harness.call('GET', '/api/plugins/demo/who', { as })
  return status === 200 ? json['answer'] : json['code']
}

async function feedOf(as: string): Promise<UiFeed> {
  const { text } = await host.harness.call('GET', '/api/ui/feed', { as })
  return JSON.parse((JSON.parse(text) as SignedFeed).payload) as UiFeed
}

describe('a plugin in development', () => {
  it('serves the session that typed its code, and nobody else', async () => {
    await host.harness.install(await build('1.0.0'))
    const terminal = await begin()
    expect((await claim(terminal.code.toLowerCase())).status).toBe(204)
    expect((await put(terminal, await build('1.1.0-dev.1'))).status).toBe(200)
    expect([await who('author'), await who('author-2'), await who('agent')]).toEqual(['1.1.0-dev.1', '1.0.0', '1.0.0'])
    const [mine] = (await feedOf('author')).plugins
    expect(mine).toMatchObject({ version: '1.1.0-dev.1', dev: true })
    const [theirs] = (await feedOf('agent')).plugins
    expect(theirs?.version).toBe('1.0.0')
    expect(theirs).not.toHaveProperty('dev')
    expect((await host.harness.call('GET', `${mine?.baseUrl}remoteEntry.js`, { as: '' })).text).toBe(
      '/* 1.1.0-dev.1 */',
    )
    expect(await host.harness.view('demo')).toMatchObject({ version: '1.0.0' })
  })

  it('tells its author what went wrong in the browser of the person who tries it out, and of nobody else', async () => {
    const terminal = await begin()
    await claim(terminal.code)
    await put(terminal, await build('1.0.0-dev.1'))
    await beat(terminal)
    const incident = {
      id: '0a1b2c3d',
      plugin: 'demo',
      version: '1.0.0-dev.1',
      unit: 'home',
      at: '2026-11-22T21:00:00.000Z',
    }
    const report = (as: string, change: object) =>
      host.harness.call('POST', '/api/ui/incidents', { as, body: { ...incident, ...change } })
    expect((await report('author', { phase: 'crash', message: 'x is undefined' })).status).toBe(202)
    expect((await report('author', { phase: 'style', unit: 'styles', message: 'h1' })).status).toBe(202)
    await report('author', { phase: 'crash', message: 'older', version: '1.0.0-dev.0' })
    await report('author-2', { phase: 'crash', message: 'somebody else' })
    expect((await beat(terminal)).json['events']).toEqual([
      { level: 'error', message: 'home (crash): x is undefined' },
      { level: 'warn', message: 'styles (style): h1' },
    ])
  })

  it('takes each next build, keeps the last good one, and ends with its command', async () => {
    const terminal = await begin()
    await claim(terminal.code)
    await put(terminal, await build('1.0.0-dev.1'))
    await put(terminal, await build('1.0.0-dev.2'))
    expect(await who('author')).toBe('1.0.0-dev.2')
    const revision = (await feedOf('author')).revision
    const broken = await packFixture({ version: '1.0.0-dev.3', start: `throw new Error('typo')` })
    const refused = await put(terminal, broken)
    expect(refused).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect(refused.json['detail']).toContain('typo')
    expect((await beat(terminal)).json['events']).toContainEqual({
      level: 'error',
      message: expect.stringMatching(/^Error: typo\n +at .+@1\.0\.0-dev\.3\/dist\/server\.cjs:3:7\)$/) as string,
    })
    const schema = { type: 'object', required: ['key'], properties: { key: { type: 'string' } } }
    const unset = await put(terminal, await packFixture({ version: '1.0.0-dev.4', manifest: { config: { schema } } }))
    expect(unset).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect(unset.json['detail']).toContain("required property 'key'")
    expect((await put(terminal, Buffer.from('no package'))).status).toBe(422)
    expect(await who('author')).toBe('1.0.0-dev.2')
    expect((await end(terminal)).status).toBe(204)
    expect(await who('author')).toBe('plugin_not_found')
    const after = await feedOf('author')
    expect(after.plugins).toEqual([])
    expect(after.revision).toBeGreaterThan(revision)
    expect((await beat(terminal)).json['code']).toBe('dev_session_over')
  })

  it('shows what an installation would refuse for its engines, and says so', async () => {
    const terminal = await begin()
    await claim(terminal.code)
    const manifest = { engines: { dcesop: '^99.0.0', sdk: '^0.1.0' } }
    expect((await put(terminal, await packFixture({ version: '1.0.0-dev.1', manifest }))).status).toBe(200)
    expect((await beat(terminal)).json['events']).toContainEqual({
      level: 'warn',
      message: expect.stringContaining('in version ^99.0.0, but this is 0.1.0') as string,
    })
  })

  it('is warned of what nobody here provides and of what others have already, once until it is mended', async () => {
    await host.harness.install(await build('1.0.0'))
    const terminal = await begin()
    await claim(terminal.code)
    const tryOut = async (manifest: Partial<PluginManifest>) => {
      const files = { 'dist/ui/remoteEntry.js': '' }
      const raw = await packFixture({ id: 'radio', version: '1.0.0-dev.1', manifest, files })
      expect((await put(terminal, raw)).status).toBe(200)
      const events = (await beat(terminal)).json['events'] as { level: string; message: string }[]
      return events.flatMap(({ level, message }) => (level === 'warn' ? [message] : []))
    }
    const page = { id: 'home', expose: 'home', titleKey: 'radio.title', permission: 'radio:use' }
    const lacking: Partial<PluginManifest> = {
      consumes: [
        { capability: 'offers.catalog', range: '^2' },
        { capability: 'offers.prices', range: '^1', optional: true, degrade: 'hide' },
      ],
      backend: {
        entry: 'dist/server.cjs',
        isolation: 'inline',
        routes: [],
        events: { subscribes: ['offers.sold/v1'] },
      },
      ui: {
        pages: [{ ...page, path: '/demo' }],
        extensions: [
          {
            id: 'panel',
            point: 'customer360.panel/v1',
            expose: 'panel',
            titleKey: 'radio.title',
            permission: 'radio:use',
          },
          { id: 'own', point: 'radio.aside/v2', expose: 'own', titleKey: 'radio.title', permission: 'radio:use' },
          {
            id: 'tile',
            point: 'dashboard.widget/v1',
            expose: 'tile',
            titleKey: 'radio.title',
            permission: 'radio:used',
          },
        ],
        points: [{ id: 'radio.aside/v1' }],
      },
      permissions: {
        defines: [{ id: 'radio:use', labelKey: 'radio.title', sensitivity: 'low', defaultRoles: ['agent'] }],
      },
    }
    const warned = await tryOut(lacking)
    expect(warned).toEqual([
      expect.stringContaining('needs capability "offers.catalog" in version ^2, but no plugin'),
      expect.stringContaining('Page "home" has the path "/demo", and page "home" of plugin "demo" has it, too'),
      expect.stringContaining('the point "customer360.panel/v1", but no plugin here offers "customer360.panel"'),
      expect.stringContaining('the point "radio.aside/v2", but there is radio.aside/v1'),
      expect.stringContaining('Permission "radio:used" is asked for, and no plugin here defines it'),
      expect.stringContaining('subscribes to "offers.sold/v1", which no plugin here publishes'),
    ])
    expect(await tryOut(lacking)).toEqual([])
    const mended = { ...lacking, consumes: lacking.consumes?.slice(1) ?? [] }
    expect(await tryOut(mended)).toEqual([
      expect.stringContaining('runs without capability "offers.prices" (wants ^1, nobody provides it)'),
    ])
    expect(await tryOut(lacking)).toEqual(warned.slice(0, 1))
  })

  it('is on record from beginning to end, and tells its author what it logs', async () => {
    const terminal = await begin()
    expect((await beat(terminal)).json).toEqual({ owner: null, events: [] })
    await claim(terminal.code)
    await put(terminal, await build('1.0.0-dev.1'))
    await who('author')
    const { owner, events } = (await beat(terminal)).json as { owner: string; events: { message: string }[] }
    expect(owner).toBe('author')
    expect(events.map(({ message }) => message)).toEqual(expect.arrayContaining(['asked']))
    await end(terminal)
    const rows = host.harness.audit.records.filter(({ action }) => action.startsWith('dev.'))
    expect(rows.map(({ action }) => action)).toEqual(['dev.override.begin', 'dev.override.put', 'dev.override.end'])
    expect(rows.every(({ actor }) => actor.subject === 'author')).toBe(true)
    expect(rows.map(({ address }) => address)).toEqual(Array(3).fill('127.0.0.1'))
    expect(new Set(rows.map(({ traceId }) => traceId)).size).toBe(3)
    expect(rows[1]?.details).toMatchObject({ plugin: 'demo', version: '1.0.0-dev.1' })
  })

  it('counts a code once, and only for who may', async () => {
    const terminal = await begin()
    expect((await claim(terminal.code, 'agent')).status).toBe(403)
    expect((await put(terminal, await build('1.0.0-dev.1'))).status).toBe(409)
    expect((await claim('AAAA-AAAA')).json['code']).toBe('dev_code_unknown')
    await claim(terminal.code)
    expect((await claim(terminal.code, 'author-2')).json['code']).toBe('dev_code_unknown')
    await put(terminal, await build('1.0.0-dev.1'))
    expect((await put(terminal, await build('1.0.0-dev.2', 'x', 'other'))).status).toBe(409)
    const forged = { code: '', headers: { authorization: 'Dev forged' } }
    expect((await put(forged, await build('1.0.0-dev.3'))).json['code']).toBe('dev_session_over')
  })

  it('does the work of jobs only where no installed version does', async () => {
    const withJob = (version: string) =>
      packFixture({
        version,
        manifest: {
          backend: {
            entry: 'dist/server.cjs',
            isolation: 'inline',
            routes: [],
            jobs: [{ name: 'tick', everyMs: 500 }],
          },
        },
        start: `context.jobs.every('tick', 500, async () => context.log.info({}, 'tick ${version}'))`,
      })
    const ticks = (version: string) => host.harness.log.lines.some(({ message }) => message === `tick ${version}`)
    const alone = await begin()
    await claim(alone.code)
    await put(alone, await withJob('1.0.0-dev.1'))
    await host.harness.until(async () => ticks('1.0.0-dev.1'))
    await end(alone)
    await host.harness.install(await withJob('1.0.0'))
    const beside = await begin()
    await claim(beside.code)
    await put(beside, await withJob('1.0.0-dev.2'))
    const seen = host.harness.log.lines.length
    await host.harness.until(
      async () => host.harness.log.lines.slice(seen).filter(({ message }) => message === 'tick 1.0.0').length > 2,
    )
    expect(ticks('1.0.0-dev.2')).toBe(false)
  })
})

it('a host that does not allow it refuses every part', async () => {
  const strict = await Harness.start(host.data)
  try {
    const began = await strict.call('POST', '/api/dev/sessions', { as: '' })
    expect(began).toMatchObject({ status: 403, json: { code: 'dev_overrides_off' } })
    const claimed = await strict.call('POST', '/api/dev/claims', { as: 'author', body: { code: 'AAAA-AAAA' } })
    expect(claimed).toMatchObject({ status: 403, json: { code: 'dev_overrides_off' } })
  } finally {
    await strict.stop()
  }
})
