import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { environmentLayer, type Variables } from './environment.ts'
import { type Json, merge } from './json.ts'
import { environment, type Layer, readLayer, sourceOf } from './layers.ts'

/** Where a process finds its configuration. */
export interface ConfigFiles {
  /** Relative to the root, with `defaults.json` and `profiles/`. */
  readonly folder: string
  /** Environment variable that names the operator's own file. */
  readonly fileVariable: string
  readonly variables: Variables
  /** What the command line says, over all else. */
  readonly overrides?: Json
}

/** A configuration as it was read, not yet held against its schema. */
export interface ReadConfig {
  readonly profile: string
  readonly values: Json
  /** Name of the file of defaults. */
  readonly defaults: string
  /** Where the value of a key came from, for a sentence. */
  source(key: string): string
}

/**
 * Reads `defaults.json` < `profiles/<DCESOP_PROFILE>.json` < the operator's file < environment < overrides.
 * @param root folder that `folder` is in; the operator's file is resolved from the working directory
 * @param mistakes takes a sentence for each file that cannot be read
 */
export function readConfig(env: NodeJS.ProcessEnv, root: string, files: ConfigFiles, mistakes: string[]): ReadConfig {
  const { folder, variables } = files
  const profile = env['DCESOP_PROFILE'] || 'demo'
  const defaults = `${folder}/defaults.json`
  const layers: Layer[] = [readLayer(join(root, defaults), defaults, mistakes)]
  const name = `${folder}/profiles/${profile}.json`
  const known = /^[a-z][a-z0-9-]*$/.test(profile) && existsSync(join(root, name))
  if (known) layers.push(readLayer(join(root, name), name, mistakes))
  else
    mistakes.push(
      `"profile" is ${JSON.stringify(profile)} (environment variable DCESOP_PROFILE), but there is no such file in ${folder}/profiles.`,
    )
  const own = env[files.fileVariable]
  if (own) layers.push(readLayer(resolve(own), own, mistakes))
  layers.push({ name: environment, values: environmentLayer(variables, env) })
  if (files.overrides) layers.push({ name: 'the command line', values: files.overrides })
  return {
    profile,
    values: layers.reduce<Json>((base, layer) => merge(base, layer.values), {}),
    defaults,
    source: (key) => sourceOf(key, layers, variables, env),
  }
}
