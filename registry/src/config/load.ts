import { createAjv, isNetwork } from '@dcesop/sdk-plugin/http'
import {
  deepFreeze,
  environment,
  environmentLayer,
  type Json,
  type Layer,
  merge,
  readLayer,
  sentence,
  sourceOf,
  StartRefused,
} from '@dcesop/sdk-plugin/host'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkIds } from '../checks/check-ids.ts'
import type { RegistryConfig } from './config.ts'
import { variables } from './environment.ts'
import { configSchema } from './schema.ts'

const secret = new Set(['data.mongodbUri'])
// As fast as it can be compiled, since each start waits for it: a spec checks the schema itself.
const ajv = createAjv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
  validateSchema: false,
  code: { optimize: false },
})
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
  const defaults = 'config/registry/defaults.json'
  const profileFile = `config/registry/profiles/${profile}.json`
  const layers: Layer[] = [readLayer(join(root, defaults), defaults, mistakes)]
  const known = /^[a-z][a-z0-9-]*$/.test(profile) && existsSync(join(root, profileFile))
  if (known) layers.push(readLayer(join(root, profileFile), profileFile, mistakes))
  else mistakes.push(`"profile" is ${JSON.stringify(profile)}, but there is no such file in config/registry/profiles.`)
  const file = env['DCESOP_REGISTRY_CONFIG']
  if (file) layers.push(readLayer(resolve(file), file, mistakes))
  layers.push({ name: environment, values: environmentLayer(variables, env) })
  layers.push({ name: 'the command line', values: overrides })
  const merged = layers.reduce<Json>((base, { values }) => merge(base, values), {})
  const told = { source: (key: string) => sourceOf(key, layers, variables, env), secret, defaults }
  if (!validate(merged)) mistakes.push(...(validate.errors ?? []).map((error) => sentence(error, told)))
  if (mistakes.length > 0)
    throw new StartRefused(['The configuration has mistakes:', ...mistakes.map((line) => `  - ${line}`)].join('\n'))
  const config = { ...(merged as unknown as RegistryConfig), profile }
  return deepFreeze({ ...config, data: { ...config.data, directory: resolve(config.data.directory) } })
}
