import { createAjv, isNetwork } from '@dcesop/sdk-plugin/http'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkIds } from '../checks/check-ids.ts'
import type { RegistryConfig } from './config.ts'
import { environmentLayer, isObject, type Json, merge } from './layers.ts'
import { configSchema } from './schema.ts'
import { sentence } from './sentences.ts'
import { StartRefused } from './start-refused.ts'

const ajv = createAjv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, verbose: true })
ajv.addFormat('network', isNetwork)
const validate = ajv.compile(configSchema(checkIds))

/**
 * Reads `config/registry/defaults.json` < `config/registry/profiles/<DCESOP_PROFILE>.json` < the file of DCESOP_REGISTRY_CONFIG
 * < environment < `overrides` of the command line.
 * @param root folder that holds `config/`
 * @throws StartRefused with every mistake at once, one sentence each
 */
export function loadConfig(env: NodeJS.ProcessEnv, root: string, overrides: Json = {}): RegistryConfig {
  const profile = env['DCESOP_PROFILE'] || 'demo'
  const mistakes: string[] = []
  const folder = join(root, 'config/registry')
  const profileFile = join(folder, 'profiles', `${profile}.json`)
  const layers = [readLayer(join(folder, 'defaults.json'), mistakes)]
  if (/^[a-z][a-z0-9-]*$/.test(profile) && existsSync(profileFile)) layers.push(readLayer(profileFile, mistakes))
  else mistakes.push(`"profile" is ${JSON.stringify(profile)}, but there is no such file in config/registry/profiles.`)
  const file = env['DCESOP_REGISTRY_CONFIG']
  if (file) layers.push(readLayer(resolve(file), mistakes))
  const merged = [...layers, environmentLayer(env), overrides].reduce(merge, {})
  if (!validate(merged)) mistakes.push(...(validate.errors ?? []).map((error) => sentence(error, env)))
  if (mistakes.length > 0)
    throw new StartRefused(['The configuration has mistakes:', ...mistakes.map((line) => `  - ${line}`)].join('\n'))
  const config = { ...(merged as unknown as RegistryConfig), profile }
  return deepFreeze({ ...config, data: { ...config.data, directory: resolve(config.data.directory) } })
}

function readLayer(path: string, mistakes: string[]): Json {
  try {
    const values: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(values)) return values
    mistakes.push(`${path} must hold one JSON object.`)
  } catch (error) {
    mistakes.push(`${path} cannot be read: ${(error as Error).message}.`)
  }
  return {}
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
