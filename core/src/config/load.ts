import { compileSchemas, deepFreeze, readConfig, readLayer, sentence, StartRefused } from '@dcesop/sdk-plugin/host'
import type { ErrorObject } from 'ajv/dist/2020.js'
import { isAbsolute, join, resolve } from 'node:path'
import type { Config, Region } from './config.ts'
import { secretKeys, variables } from './environment.ts'
import { rootKeyMistakes } from './root-key.ts'
import { reportTokenMistakes } from './report-token.ts'
import { configSchema, regionSchema } from './schema.ts'
import { secretsMistakes } from './secrets-file.ts'

/** All mistakes of a configuration, one sentence each. */
export class ConfigError extends StartRefused {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(['The configuration has mistakes:', ...mistakes.map((mistake) => `  - ${mistake}`)].join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

const [validate, validateRegion] = compileSchemas(configSchema, regionSchema)

/**
 * Reads `config/defaults.json` < `config/profiles/<DCESOP_PROFILE>.json` < the file of DCESOP_CONFIG < environment.
 * @param root folder that holds `config/`; relative code paths are resolved from it, the data folder from the working directory
 * @throws ConfigError with every mistake at once
 */
export function loadConfig(env: NodeJS.ProcessEnv, root: string): Config {
  const mistakes: string[] = []
  const read = readConfig(env, root, { folder: 'config', fileVariable: 'DCESOP_CONFIG', variables }, mistakes)
  const { profile, values, source } = read
  if (!validate(values)) mistakes.push(...sentences(validate.errors ?? [], source))
  const regions = readRegions(values['regions'], root, mistakes)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const { devOverrides } = (values as unknown as Config).plugins
  if (profile === 'production' && devOverrides) mistakes.push('"plugins.devOverrides" must be false in production.')
  const config = withAbsolutePaths({ ...(values as unknown as Config), profile, regionDetails: regions }, root)
  mistakes.push(
    ...rootKeyMistakes(config.plugins.registry, source),
    ...reportTokenMistakes(config.plugins.registry, source),
    ...secretsMistakes(config.plugins.secretsFile, source),
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return deepFreeze(config)
}

function readRegions(ids: unknown, root: string, mistakes: string[]): Region[] {
  if (!Array.isArray(ids)) return []
  return ids
    .filter((id) => typeof id === 'string' && /^[a-z-]+$/.test(id))
    .flatMap((id: string) => {
      const name = `config/regions/${id}.json`
      const { values } = readLayer(join(root, name), name, mistakes)
      if (!validateRegion(values)) mistakes.push(...sentences(validateRegion.errors ?? [], () => name))
      else if (values['id'] !== id)
        mistakes.push(
          `"id" is ${JSON.stringify(values['id'])} (${name}), but it must be "${id}", the name of the file.`,
        )
      return [values as unknown as Region]
    })
}

/** The failing branch of an `anyOf` is said once, by the branch itself. */
function sentences(errors: readonly ErrorObject[], source: (key: string) => string): string[] {
  return errors
    .filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'propertyNames')
    .map((error) => sentence(error, { source, secret: secretKeys, defaults: 'config/defaults.json' }))
}

function withAbsolutePaths(config: Config, root: string): Config {
  const at = (path: string) => (isAbsolute(path) ? path : join(root, path))
  const { registry, secretsFile } = config.plugins
  const orNull = (path: string | null) => (path === null ? null : at(path))
  return {
    ...config,
    http: {
      ...config.http,
      shellDirectory: at(config.http.shellDirectory),
      docsDirectory: orNull(config.http.docsDirectory),
    },
    data: { ...config.data, directory: resolve(config.data.directory) },
    plugins: {
      ...config.plugins,
      packagesDirectory: at(config.plugins.packagesDirectory),
      secretsFile: orNull(secretsFile),
      registry: { ...registry, rootKey: orNull(registry.rootKey) },
    },
    demo: { programs: config.demo.programs.map((program) => ({ ...program, entry: at(program.entry) })) },
  }
}
