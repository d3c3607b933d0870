import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import webpack from 'webpack'
import { compressAssets } from './build/compress.mjs'
import { bootConfig, shellConfig } from './build/webpack-config.mjs'
import { writeIndex } from './build/write-index.mjs'

const dist = join(import.meta.dirname, 'dist')

/** Initial files of an entry by extension, without maps. */
function initialFiles(stats, entry, extension) {
  const { assets } = stats.toJson({ all: false, entrypoints: true }).entrypoints[entry]
  return assets.map(({ name }) => name).filter((name) => name.endsWith(extension))
}

async function compile(configuration) {
  const compiler = webpack(configuration)
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  )
  await new Promise((resolve, reject) => compiler.close((error) => (error ? reject(error) : resolve())))
  if (stats.hasErrors())
    throw new Error(`The ${configuration.name} build failed:\n${stats.toString({ all: false, errors: true })}`)
  return stats
}

/**
 * Builds the shell into `shell/dist`: `index.html` and `assets/`, whose names carry content hashes.
 * @returns {Promise<{ directory: string }>} rejects with the compiler's messages
 */
export async function buildShell() {
  const shell = await compile(shellConfig())
  const boot = await compile(bootConfig())
  const bootFiles = initialFiles(boot, 'boot', '.js')
  await removeOldBoot(bootFiles)
  await writeIndex({
    template: join(import.meta.dirname, 'src/index.html'),
    dist,
    boot: bootFiles,
    styles: initialFiles(shell, 'shell', '.css'),
    scripts: initialFiles(shell, 'shell', '.js'),
  })
  await compressAssets(join(dist, 'assets'))
  return { directory: dist }
}

/** The shell's build leaves boot files alone, so that it need not know their names. */
async function removeOldBoot(current) {
  const names = (await readdir(join(dist, 'assets'))).filter((name) => name.startsWith('boot.'))
  const keep = new Set(
    current
      .flatMap((name) => ['', '.map', '.br', '.gz'].map((extension) => name + extension))
      .map((name) => name.replace('assets/', '')),
  )
  await Promise.all(names.filter((name) => !keep.has(name)).map((name) => rm(join(dist, 'assets', name))))
}

if (import.meta.main) {
  const started = performance.now()
  const { directory } = await buildShell()
  console.log(`shell built in ${((performance.now() - started) / 1000).toFixed(1)} s: ${directory}`)
}
