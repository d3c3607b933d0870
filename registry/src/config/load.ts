import { compileSchemas, deepFreeze, type Json, readConfig, sentence, StartRefused } from '@dcesop/sdk-plugin/host'
import { resolve } from 'node:path'
import { checkIds } from '../checks/check-ids.ts'
import type { RegistryConfig } from './config.ts'
import { variables } from './environment.ts'
import { configSchema } from './schema.ts'

const secret = new Set(['data.mongodbUri'])
const [validate] = compileSchemas(configSchema(checkIds))

/**
 * Reads `config/registry/defaults.json` < `config/registry/profiles/<DCESOP_PROFILE>.json` < the file of DCESOP_REGISTRY_CONFIG
 * < environment < `overrides` of the command line.
 * @param root folder that holds `config/`
 * @throws StartRefused with every mistake at once, one sentence each
 */
export function loadConfig(env: NodeJS.ProcessEnv, root: string, overrides: Json = {}): RegistryConfig {
  const mistakes: string[] = []
  const files = { folder: 'config/registry', fileVariable: 'DCESOP_REGISTRY_CONFIG', variables, overrides }
  const { values, profile, source, defaults } = readConfig(env, root, files, mistakes)
  const told = { source, secret, defaults }
  if (!validate(values)) mistakes.push(...(validate.errors ?? []).map((error) => sentence(error, told)))
  if (mistakes.length > 0)
    throw new StartRefused(['The configuration has mistakes:', ...mistakes.map((line) => `  - ${line}`)].join('\n'))
  const config = { ...(values as unknown as RegistryConfig), profile }
  return deepFreeze({ ...config, data: { ...config.data, directory: resolve(config.data.directory) } })
}
