import { Ajv2020 } from 'ajv/dist/2020.js'
import { minimalManifest } from '../testing/index.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { checkedConfig, ConfigError } from './plugin-config.ts'

const member = { type: 'object', additionalProperties: false, properties: { at: { type: 'integer' } }, default: {} }
const manifestWith = (config?: object) => ({ ...minimalManifest(), ...(config ? { config } : {}) }) as PluginManifest

describe('checkedConfig', () => {
  it('compiles the schema of a manifest once, and tells each configuration its own', () => {
    const schema = { type: 'object', additionalProperties: false, properties: { limits: member } }
    const manifest = manifestWith({ schema })
    const compile = jest.spyOn(Ajv2020.prototype, 'compile')
    const first = checkedConfig(manifest, {})
    expect(() => checkedConfig(manifest, { limits: { at: 'x' } })).toThrow(ConfigError)
    const second = checkedConfig(manifest, {}) as { limits: object }
    expect(compile.mock.calls.filter(([compiled]) => compiled === schema)).toHaveLength(1)
    expect(second).toEqual({ limits: {} })
    expect(second.limits).not.toBe((first as typeof second).limits)
    compile.mockRestore()
  })

  it('takes nothing for a plugin without a schema', () => {
    expect(checkedConfig(manifestWith())).toEqual({})
    expect(() => checkedConfig(manifestWith(), { x: 1 })).toThrow('"x" is not known')
  })
})
