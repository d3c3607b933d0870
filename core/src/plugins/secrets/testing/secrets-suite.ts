import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { PluginHostDeps } from '../../host-types.ts'
import { type Fixture, packFixture, route } from '../../testing/fixture-plugin.ts'
import { Harness, startData } from '../../testing/harness.ts'

const [first, second, others] = ['first-value-1f9', 'second-value-8c2', 'value-of-others-5d']
const [token, renewed, inClear] = ['token-of-mail-77', 'token-of-mail-88', 'written-in-clear-3']

const asks = (...names: string[]) => ({
  permissions: {
    requests: names.map((resource) => ({ cap: 'secrets:use' as const, resource, reasonKey: 'demo.title' })),
  },
})

const demo: Fixture = {
  routes: ['/value', '/missing', '/undeclared', '/careless', '/unread'].map((path) => route('GET', path)),
  manifest: asks('partner-key', 'not-given'),
  start: `
    const say = (path, handler) => context.route({ method: 'GET', path, summary: 'x', handler })
    say('/value', async () => ({ value: await context.secrets.use('partner-key') }))
    say('/missing', () => context.secrets.use('not-given'))
    say('/undeclared', () => context.secrets.use('others-key'))
    say('/unread', () => context.secrets.use('toString'))
    say('/careless', async () => {
      const value = await context.secrets.use('partner-key')
      context.log.info({ sent: { header: ['Bearer ' + value] } }, 'sends ' + value)
      throw new Error('The partner refused ' + value)
    })`,
}

const mailSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mail: {
      type: 'object',
      additionalProperties: false,
      default: { host: 'mail.example' },
      required: ['host', 'token'],
      properties: { host: { type: 'string' }, token: { type: 'string', pattern: '^token-' } },
    },
  },
}

/** A plugin that has a secret in its configuration. */
const mailer = (id: string, version = '1.0.0'): Fixture => ({
  id,
  version,
  routes: [route('GET', '/mail')],
  manifest: { config: { schema: mailSchema, secrets: ['/mail/token'] } },
  start: `
    context.log.info({ config: context.config }, 'starts with ' + context.config.mail.token)
    context.route({ method: 'GET', path: '/mail', summary: 'x', handler: () => context.config.mail })`,
})

/** Secrets of plugins, wherever their code runs. @param given change to the host */
export function secretsSuite(given: Partial<PluginHostDeps>): void {
  let data: Awaited<ReturnType<typeof startData>>
  let harness: Harness
  let folder: string

  const give = (values: object) => writeFile(join(folder, 'secrets.json'), JSON.stringify(values))
  const get = (path: string, plugin = 'demo') => harness.call('GET', `/api/plugins/${plugin}${path}`)
  const uses = () => harness.audit.records.filter(({ action }) => action === 'plugin.secret.use')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'))
    await give({ demo: { 'partner-key': first }, elsewhere: { 'others-key': others } })
    data = await startData()
    harness = await Harness.start(data.data, {
      ...given,
      secretsFile: join(folder, 'secrets.json'),
      pluginConfig: { careless: { mail: { host: 'mail.example', token: inClear } } },
    })
    expect((await harness.install(await packFixture(demo))).status).toBe(200)
  })

  afterAll(async () => {
    await harness.stop()
    await data.stop()
    await rm(folder, { recursive: true })
  })

  it('gives a plugin what it declared and was granted, on record with the person and the request', async () => {
    expect((await get('/value')).json).toEqual({ value: first })
    const [use] = uses()
    expect(use).toMatchObject({ actor: { subject: 'agent' }, plugin: 'demo', resource: 'partner-key' })
    expect(use).toMatchObject({ outcome: 'allowed', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string })
  })

  it('refuses what was not declared, not granted, or granted to another plugin', async () => {
    const unavailable = { status: 503, json: { code: 'secret_unavailable' } }
    expect(await get('/missing')).toMatchObject(unavailable)
    expect(uses().at(-1)).toMatchObject({ outcome: 'denied', resource: 'not-given', plugin: 'demo' })
    for (const path of ['/undeclared', '/unread']) expect((await get(path)).status).toBe(500)
    const manifest = asks('partner-key', 'others-key')
    const routes = [route('GET', '/one'), route('GET', '/two')]
    const say = (path: string, name: string) =>
      `context.route({ method: 'GET', path: '${path}', summary: 'x', handler: () => context.secrets.use('${name}') })\n`
    const start = say('/one', 'partner-key') + say('/two', 'others-key')
    await harness.install(await packFixture({ id: 'curious', routes, manifest, start }))
    for (const path of ['/one', '/two']) expect(await get(path, 'curious')).toMatchObject(unavailable)
  })

  it('takes a value that was replaced, and says so when the file cannot be read', async () => {
    await give({ demo: { 'partner-key': second } })
    expect((await get('/value')).json).toEqual({ value: second })
    await give({ demo: { 'partner-key': 'short' } })
    expect(await get('/value')).toMatchObject({ status: 503, json: { code: 'secret_unavailable' } })
    expect(inspect(harness.log.lines, { depth: 10 })).toContain('"demo.partner-key" must be a text of 8')
    await give({ demo: { 'partner-key': second } })
  })

  it('keeps values out of logs, errors, the audit log and the administration', async () => {
    expect(await get('/careless')).toMatchObject({ status: 500, json: { code: 'internal_error' } })
    await harness.until(async () => harness.log.lines.some(({ message }) => message === 'sends [secret]'))
    const start = `const value = await context.secrets.use('partner-key'); throw new Error('No start with ' + value)`
    await harness.upload(await packFixture({ ...demo, version: '1.1.0', routes: [], start }))
    const upgrade = await harness.change('upgrade', 'demo')
    expect(upgrade).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect(upgrade.text).toContain('No start with [secret]')
    expect(uses().at(-1)).toMatchObject({ actor: { subject: 'plugin:demo', kind: 'system' }, outcome: 'allowed' })
    const journal = await harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
    const told = [harness.log.lines, harness.audit.records, upgrade.text, journal.text, await harness.view('demo')]
    const text = inspect(told, { depth: 20, maxArrayLength: null, maxStringLength: null, showHidden: true })
    expect(text).toContain('The partner refused [secret]')
    for (const value of [first, second, others]) expect(text).not.toContain(value)
  })

  it('puts a secret of the configuration where the plugin reads it, and starts it without none', async () => {
    await harness.upload(await packFixture(mailer('mailer')))
    const missing = await harness.change('install', 'mailer', { version: '1.0.0' })
    expect(missing).toMatchObject({ status: 422, json: { code: 'plugin_config_invalid' } })
    expect(missing.text).toContain(`secret \\"/mail/token\\" is missing. Write it under \\"mailer\\"`)

    await give({ mailer: { '/mail/token': token } })
    expect((await harness.change('install', 'mailer', { version: '1.0.0' })).status).toBe(200)
    expect((await get('/mail', 'mailer')).json).toEqual({ host: 'mail.example', token })
    expect(uses().at(-1)).toMatchObject({ plugin: 'mailer', resource: '/mail/token', outcome: 'allowed' })
    const { configRevision } = await harness.view('mailer')

    await harness.change('disable', 'mailer')
    for (const [values, why] of [
      [{}, /secret ."\/mail\/token." is missing/],
      [{ mailer: { '/mail/token': 'unfit-of-mail-9' } }, /"\/mail\/token." must match pattern/],
    ] as const) {
      await give(values)
      const refused = await harness.change('enable', 'mailer')
      expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(why)])
    }
    await give({ mailer: { '/mail/token': renewed } })
    expect((await harness.change('enable', 'mailer')).status).toBe(200)
    expect((await get('/mail', 'mailer')).json).toEqual({ host: 'mail.example', token: renewed })
    expect((await harness.view('mailer'))['configRevision']).toBe(configRevision)
  })

  it('takes a secret from nowhere but the file, and shows it nowhere', async () => {
    await harness.upload(await packFixture(mailer('careless')))
    await give({ careless: { '/mail/token': token }, mailer: { '/mail/token': renewed } })
    const refused = await harness.change('install', 'careless', { version: '1.0.0' })
    expect(refused).toMatchObject({ status: 422, json: { code: 'plugin_config_invalid' } })
    expect(refused.text).toContain('\\"/mail/token\\" is a secret. Move it')

    await harness.until(async () => harness.log.lines.some(({ message }) => message === 'starts with [secret]'))
    const as = 'admin'
    const pages = ['', '/mailer', '/mailer/journal'].map((page) => `/api/admin/plugins${page}`)
    const answers = await Promise.all(pages.map((page) => harness.call('GET', page, { as })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const told = [harness.log.lines, harness.audit.records, harness.hub.broadcasts, refused.text, answers]
    const text = inspect(told, { depth: 20, maxArrayLength: null, maxStringLength: null, showHidden: true })
    for (const value of [token, renewed, 'unfit-of-mail-9', inClear]) expect(text).not.toContain(value)
  })
}
