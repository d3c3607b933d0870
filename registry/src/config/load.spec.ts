import { createAjv } from '@dcesop/sdk-plugin/http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from './load.ts'
import { configSchema } from './schema.ts'

const root = join(import.meta.dirname, '../../..')

it('checks by a schema that is a JSON Schema', () => {
  expect(createAjv({ strict: true }).validateSchema(configSchema(['one']))).toBe(true)
})

describe('loadConfig', () => {
  it('gives the demo profile when nothing is set, frozen', () => {
    const config = loadConfig({}, root)
    expect(config).toMatchObject({ profile: 'demo', http: { port: 4873 }, accounts: { signUp: 'open', demo: true } })
    expect(() => Object.assign(config.names, { unscoped: 'anyone' })).toThrow(TypeError)
  })

  it('lays command line over environment over a file over the profile over the defaults', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-registry-config-'))
    const file = join(folder, 'mine.json')
    writeFileSync(file, JSON.stringify({ names: { unscoped: 'anyone' }, http: { host: '::1', port: 1 } }))
    const env = { DCESOP_PROFILE: 'production', DCESOP_REGISTRY_CONFIG: file, DCESOP_REGISTRY_PORT: '2' }
    const config = loadConfig(env, root, { http: { port: 3 } })
    rmSync(folder, { recursive: true })
    expect(config.http).toMatchObject({ host: '::1', port: 3 })
    expect(config.names).toMatchObject({ unscoped: 'anyone', scopes: 'granted' })
    expect(config.accounts.signUp).toBe('closed')
  })

  it('says every mistake in a sentence, and no secret', () => {
    const env = {
      DCESOP_REGISTRY_PORT: 'eighty',
      DCESOP_REGISTRY_BLOBS: 'tape',
      DCESOP_REGISTRY_PUBLIC_URL: 'https://x/',
      MONGODB_URI: 'http://user:secret@db',
    }
    const mistakes = () => loadConfig(env, root, { htp: {} })
    expect(mistakes).toThrow(
      '"http.port" is "eighty" (environment variable DCESOP_REGISTRY_PORT), but it must be a whole number.',
    )
    expect(mistakes).toThrow(
      '"data.blobs" is "tape" (environment variable DCESOP_REGISTRY_BLOBS), but it must be one of "files", "gridfs".',
    )
    expect(mistakes).toThrow('"htp" is not a known key')
    expect(mistakes).toThrow('"http.publicUrl" is "https://x/"')
    expect(mistakes).not.toThrow('secret')
    expect(() => loadConfig({ DCESOP_PROFILE: '../../etc' }, root)).toThrow('no such file in config/registry/profiles')
  })
})
