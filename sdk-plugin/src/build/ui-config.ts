import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Configuration } from 'webpack'
import type { PluginManifest } from '../manifest/types.ts'
import { t } from '../cli/text/text.ts'
import { BuildError } from './build-error.ts'
import { remoteConfig } from './remote.ts'

/** What `webpack.config.mjs` of a plugin is called with, if it has one of its own. */
export interface UiBuild {
  readonly pluginDir: string
  /** As built: a build that is tried out has a version of its own, and the container's name carries it. */
  readonly manifest: PluginManifest
  /** Where `remoteEntry.js` has to be in the end. */
  readonly outDir: string
  readonly mode: 'production' | 'development'
}

/** The plugin's own configuration of its remote, or else the SDK's. @throws BuildError when its own is no function */
export async function uiConfig(build: UiBuild): Promise<Configuration> {
  const own = path.join(build.pluginDir, 'webpack.config.mjs')
  if (!existsSync(own)) return remoteConfig(build.pluginDir, build.manifest, build.outDir, build.mode)
  const { default: configure } = (await import(pathToFileURL(own).href)) as {
    default?: (build: UiBuild) => Configuration | Promise<Configuration>
  }
  if (typeof configure !== 'function') throw new BuildError(t('build.config', { file: own }))
  return configure(build)
}
