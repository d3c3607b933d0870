import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'esbuild'

/** What a backend may require at run time: the host hands these in, everything else is bundled. */
export const backendExternals = ['@dcesop/sdk-plugin', 'mongoose', 'mongodb'] as const

/**
 * Bundles `server/main.ts` into one CommonJS file, since only CommonJS can be unloaded.
 * @returns the source files that went into it, absolute
 */
export async function buildBackend(pluginDir: string, outFile: string): Promise<string[]> {
  const { metafile } = await build({
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
  })
  return Object.keys(metafile.inputs).map((file) => path.resolve(pluginDir, file))
}
