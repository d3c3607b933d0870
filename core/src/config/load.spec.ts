import { createAjv } from '@dcesop/sdk-plugin/http'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadConfig } from './load.ts'
import { configSchema, regionSchema } from './schema.ts'

const repository = join(import.meta.dirname, '../../..')

function mistakesOf(env: NodeJS.ProcessEnv, root = repository): readonly string[] {
  try {
    loadConfig(env, root)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

it.each([configSchema, regionSchema])('checks by a schema that is a JSON Schema', (schema) => {
  expect(createAjv({ strict: true }).validateSchema(schema)).toBe(true)
})

describe('loadConfig', () => {
  it('gives the demo profile when nothing is set, with absolute paths and frozen', () => {
    const config = loadConfig({}, repository)
    expect(config.profile).toBe('demo')
    expect(config.http.port).toBe(8080)
    expect(config.identity.demoAccounts).toBe(true)
    expect(config.http.shellDirectory).toBe(join(repository, 'shell/dist'))
    expect(config.regionDetails.map((region) => region.currency)).toEqual(['BRL', 'MXN', 'COP'])
    expect(() => Object.assign(config.http.limits, { signInsPerMinutePerAddress: 1 })).toThrow(TypeError)
  })

  it('lays the environment over the profile over the defaults', () => {
    const config = loadConfig(
      { PORT: '9090', DCESOP_DATA_DIR: '/srv/dcesop', DCESOP_PROFILE: 'production' },
      repository,
    )
    expect([config.http.port, config.http.host, config.data.directory]).toEqual([9090, '0.0.0.0', '/srv/dcesop'])
    expect(config.identity.demoAccounts).toBe(false)
  })

  it('lets the operator ask for processes, for all plugins or for one', () => {
    const config = loadConfig({ DCESOP_PLUGIN_ISOLATION: 'process' }, repository)
    expect(config.plugins.isolation).toEqual({ default: 'process', byPlugin: {} })
    expect(mistakesOf({ DCESOP_PLUGIN_ISOLATION: 'container' })).toEqual([
      expect.stringContaining('"plugins.isolation.default" is "container"'),
    ])
  })

  it('believes proxies that are named by address or network only', () => {
    const { trustedProxies } = loadConfig({ DCESOP_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }, repository).http
    expect(trustedProxies).toEqual(['10.0.0.0/8', '::1'])
    expect(mistakesOf({ DCESOP_TRUSTED_PROXIES: 'proxy.example' })).toEqual([
      '"http.trustedProxies.0" is "proxy.example" (environment variable DCESOP_TRUSTED_PROXIES), but it must be an address, a network such as 10.0.0.0/8, or loopback.',
    ])
  })

  it('reports every mistake at once, each naming key, value, source and what is allowed', () => {
    const mistakes = mistakesOf({ PORT: 'eighty', DCESOP_LOG_LEVEL: 'loud', MONGODB_URI: 'http://user:secret@db' })
    expect(mistakes).toContain('"http.port" is "eighty" (environment variable PORT), but it must be a whole number.')
    expect(mistakes.find((line) => line.startsWith('"log.level" is "loud"'))).toContain(
      'must be one of "fatal", "error"',
    )
    expect(mistakes.find((line) => line.startsWith('"data.mongodbUri"'))).not.toContain('secret')
    expect(mistakes).toHaveLength(3)
  })

  it('wants the root key of a registry, and only its public half', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-config-'))
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const [good, wrong] = [join(folder, 'root.pub.pem'), join(folder, 'root.pem')]
    writeFileSync(good, publicKey.export({ type: 'spki', format: 'pem' }))
    writeFileSync(wrong, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const DCESOP_PLUGIN_REGISTRY_URL = 'https://registry.example.net'
    expect(mistakesOf({ DCESOP_PLUGIN_REGISTRY_URL })[0]).toContain('since "plugins.registry.url" is set')
    const withKey = (file: string) => ({ DCESOP_PLUGIN_REGISTRY_URL, DCESOP_PLUGIN_REGISTRY_ROOT_KEY: file })
    expect(mistakesOf(withKey(wrong))[0]).toContain('must hold a public key in PEM')
    expect(mistakesOf(withKey(join(folder, 'none.pem')))[0]).toContain('cannot be read as a public key')
    expect(loadConfig(withKey(good), repository).plugins.registry).toMatchObject({ rootKey: good, channel: 'stable' })
    expect(mistakesOf({ ...withKey(good), DCESOP_PLUGIN_REGISTRY_URL: 'ftp://x' })[0]).toContain(
      'must match the pattern',
    )
    rmSync(folder, { recursive: true })
  })

  it('wants a report token where there is a registry, and never shows it', () => {
    const token = `dcesop_${'x'.repeat(43)}`
    const given = (value: string) => mistakesOf({ DCESOP_PLUGIN_REGISTRY_REPORT_TOKEN: value })
    expect(given(token)).toEqual([
      '"plugins.registry.reportToken" is set (environment variable DCESOP_PLUGIN_REGISTRY_REPORT_TOKEN), but "plugins.registry.url" is null: there is no registry to report to.',
    ])
    const [wrong] = given('hidden-value')
    expect(wrong).toContain('"plugins.registry.reportToken" is set to a value that is not shown')
    expect(wrong).not.toContain('hidden-value')
    expect(loadConfig({}, repository).plugins.registry.reportToken).toBeNull()
  })

  it('bounds how long a change outlives its host, and when safe mode begins', () => {
    const { leaseSeconds, safeMode } = loadConfig({}, repository).plugins
    expect(leaseSeconds).toBe(30)
    expect(safeMode).toEqual({ crashes: 3, withinMinutes: 10, watchSeconds: 10, settleSeconds: 60 })
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-config-'))
    const file = join(folder, 'limits.json')
    const wrong = { crashes: 1, withinMinutes: 0.5, watchSeconds: 0, settleSeconds: 'an hour', often: 3 }
    writeFileSync(file, JSON.stringify({ plugins: { leaseSeconds: 2, safeMode: wrong } }))
    const mistakes = mistakesOf({ DCESOP_CONFIG: file })
    rmSync(folder, { recursive: true })
    expect(mistakes).toEqual(
      expect.arrayContaining([
        `"plugins.leaseSeconds" is 2 (from ${file}), but it must be 5 or more.`,
        `"plugins.safeMode.crashes" is 1 (from ${file}), but it must be 2 or more.`,
        `"plugins.safeMode.withinMinutes" is 0.5 (from ${file}), but it must be a whole number.`,
        `"plugins.safeMode.watchSeconds" is 0 (from ${file}), but it must be 1 or more.`,
        `"plugins.safeMode.settleSeconds" is "an hour" (from ${file}), but it must be a whole number.`,
        `"plugins.safeMode.often" is not a known key (from ${file}): check its spelling or take it out.`,
      ]),
    )
  })

  it('wants secrets by plugin and name, and shows none of them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-config-'))
    const file = join(folder, 'secrets.json')
    const told = (text: string) => {
      writeFileSync(file, text)
      return mistakesOf({ DCESOP_SECRETS_FILE: file }).join()
    }
    expect(told('{"plugin":{"key":"hidden-value"}}')).toBe('')
    expect(told('{"plugin":{"key":"hidden"}}')).toContain('"plugin.key" must be a text of 8')
    expect(told('{"plugin":"hidden-value"}')).toContain('"plugin" must be an object')
    expect(told('{"Plug in":{"key":"hidden-value"}}')).toContain('not the id of a plugin')
    expect(told('{"plugin":{"key":"hidden-value}')).toContain('it is not JSON')
    expect(mistakesOf({ DCESOP_SECRETS_FILE: join(folder, 'none') })[0]).toContain(
      '(environment variable DCESOP_SECRETS_FILE)',
    )
    for (const text of ['{"p":{"k":"hidden"}}', '{"p":"hidden-value"}', '{"p":{"k":"hidden-value}'])
      expect(told(text)).not.toContain('hidden')
    rmSync(folder, { recursive: true })
  })

  it('names an unknown profile and a misspelt key', () => {
    expect(mistakesOf({ DCESOP_PROFILE: '../../etc' })[0]).toContain('there is no such file in config/profiles')
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-config-'))
    cpSync(join(repository, 'config'), join(folder, 'config'), { recursive: true })
    const file = join(folder, 'extra.json')
    writeFileSync(file, JSON.stringify({ http: { prot: 1, port: 70_000 }, regions: ['br', 'ar'] }))
    const mistakes = mistakesOf({ DCESOP_CONFIG: file }, folder)
    rmSync(folder, { recursive: true })
    expect(mistakes).toContain(`"http.prot" is not a known key (from ${file}): check its spelling or take it out.`)
    expect(mistakes).toContain(`"http.port" is 70000 (from ${file}), but it must be 65535 or less.`)
    expect(mistakes.some((line) => line.includes('config/regions/ar.json cannot be read'))).toBe(true)
  })
})
