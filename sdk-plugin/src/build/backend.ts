import { builtinModules } from 'node:module'
import path from 'node:path'
import { build, type BuildFailure, type BuildOptions, formatMessages, type Message } from 'esbuild'
import { t } from '../cli/text/text.ts'
import { makeFolder } from '../host/make-folder.ts'
import { BuildError } from './build-error.ts'

/** What a backend may require at run time: the host hands these in, everything else is bundled. */
export const backendExternals = ['@dcesop/sdk-plugin', 'mongoose', 'mongodb'] as const

/**
 * Bundles `server/main.ts` into one CommonJS file, since only CommonJS can be unloaded.
 * @returns the source files that went into it, absolute
 * @throws BuildError
 */
export async function buildBackend(pluginDir: string, outFile: string): Promise<string[]> {
  const options = {
    entryPoints: [path.join(pluginDir, 'server/main.ts')],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: [...backendExternals, ...builtinModules.map((name) => `node:${name}`)],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    // Names stay whole, so that a stack trace of a customer's incident can be read.
    minify: false,
    logLevel: 'silent',
    absWorkingDir: pluginDir,
    metafile: true,
  } as const satisfies BuildOptions
  // esbuild would tell in words of its own, and twice, that it may not.
  makeFolder(path.dirname(outFile))
  const { metafile } = await build(options).catch(async (error: Partial<BuildFailure>) => {
    if (!error.errors) throw error
    throw new BuildError((await formatMessages(error.errors.map(forAuthors), { kind: 'error' })).join('').trimEnd())
  })
  return Object.keys(metafile.inputs).map((file) => path.resolve(pluginDir, file))
}

/** esbuild proposes to leave out a package that is not there, which a host would not have either. */
function forAuthors(error: Message): Message {
  const [, name] = /^Could not resolve "((?:@[^/"]+\/)?[^./"][^/"]*)/.exec(error.text) ?? []
  if (name === undefined) return error
  return { ...error, notes: [{ text: t('build.install', { name }), location: null }] }
}
