import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { node, root } from './paths.mjs'
import { inParallel } from './parallel.mjs'
import { mustRun } from './run.mjs'
import { whenChanged } from './stamp.mjs'

const shared = ['package-lock.json', 'sdk-plugin']

/** Builds what changed: the shell, every plugin's package into dist/packages, and whatever else is wanted. */
export async function build(more = []) {
  const plugins = pluginIds().map((id) => () => buildPlugin(id))
  const built = await inParallel([buildShell, ...plugins, compileRunner, buildDocs, ...more])
  return built.some(Boolean)
}

function buildShell() {
  return whenChanged('shell/dist/.stamp', [...shared, 'shell'], async () => {
    console.log('Building the shell…')
    await mustRun(node, ['shell/build.mjs'])
  })
}

function buildPlugin(id) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'plugins', id, 'dcesop.plugin.json'), 'utf8'))
  // The version is in the stamp's name: one stamp for each package that exists.
  return whenChanged(`dist/packages/.${id}-${version}.stamp`, [...shared, `plugins/${id}`], async () => {
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

/** The SDK as partners install it, packed into dist/sdk; only tests and releases need it. */
export function buildSdkPackage() {
  return whenChanged('dist/sdk/.stamp', shared, async () => {
    console.log('Packing the SDK…')
    mkdirSync(path.join(root, 'dist/sdk'), { recursive: true })
    await mustRun(node, ['sdk-plugin/packaging/main.ts', 'dist/sdk'])
  })
}

function pluginIds() {
  const folder = path.join(root, 'plugins')
  return readdirSync(folder).filter((id) => existsSync(path.join(folder, id, 'dcesop.plugin.json')))
}
