import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { contractRecord, recordContracts } from './contracts.mjs'
import { node, root } from './paths.mjs'
import { inParallel } from './parallel.mjs'
import { mustRun } from './run.mjs'
import { whenChanged } from './stamp.mjs'

const shared = ['package-lock.json', 'sdk-plugin']

/**
 * Builds what changed: the shell, the documentation, and every plugin's package into dist/packages.
 * @param release whether the packages are to carry what a registry asks for and no host does, see `recordContracts`
 */
export async function build({ release = true } = {}) {
  const built = await inParallel(buildJobs({ release }))
  return built.some(Boolean)
}

/** The same as jobs, for who has more to do at the same time. */
export function buildJobs({ release = true } = {}) {
  const plugins = pluginIds().map((id) => () => buildPlugin(id, release))
  return [buildShell, ...plugins, compileRunner, buildDocs]
}

function buildShell() {
  return whenChanged('shell/dist/.stamp', [...shared, 'shell'], async () => {
    console.log('Building the shell…')
    await mustRun(node, ['shell/build.mjs'])
  })
}

async function buildPlugin(id, release) {
  const manifest = JSON.parse(readFileSync(path.join(root, 'plugins', id, 'dcesop.plugin.json'), 'utf8'))
  const { version } = manifest
  const inputs = [...shared, `plugins/${id}`]
  if (release) await recordContracts(id, manifest, inputs)
  const record = [contractRecord(id)].filter((file) => existsSync(path.join(root, file)))
  // The version is in the stamp's name: one stamp for each package that exists.
  return whenChanged(`dist/packages/.${id}-${version}.stamp`, [...inputs, ...record], async () => {
    console.log(`Building plugin ${id} ${version}…`)
    await mustRun(node, ['sdk-plugin/bin/dcesop.mjs', 'pack', `plugins/${id}`, '--out', 'dist/packages'])
  })
}

/** Plugins' processes find the code of their runner compiled: they may not write it down themselves. */
function compileRunner() {
  const runner = path.join(root, 'core/src/plugins/process/child/hosted-plugin.ts')
  return whenChanged('node_modules/.cache/node/.runner.stamp', [...shared, 'core/src'], () =>
    mustRun(node, ['--input-type=module', '--eval', `await import(${JSON.stringify(pathToFileURL(runner).href)})`]),
  )
}

/** The documentation site, which the host serves. */
function buildDocs() {
  return whenChanged('dist/docs/.stamp', ['package-lock.json', 'README.md', 'docs', 'sdk-plugin'], async () => {
    console.log('Building the documentation…')
    await mustRun(node, ['docs/site/main.mjs'])
  })
}

/** As the pages have it, so that what is tested is what they make. */
export const packCommand = 'npm run pack -w sdk-plugin'

/** The SDK as partners install it, packed into dist/sdk; only tests and releases need it. */
export function buildSdkPackage() {
  return whenChanged('dist/sdk/.stamp', shared, async () => {
    console.log('Packing the SDK…')
    const [npm, ...words] = packCommand.split(' ')
    await mustRun(npm, [...words, '--silent', '--', path.join(root, 'dist/sdk')])
  })
}

function pluginIds() {
  const folder = path.join(root, 'plugins')
  return readdirSync(folder).filter((id) => existsSync(path.join(folder, id, 'dcesop.plugin.json')))
}
