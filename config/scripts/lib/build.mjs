import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { node, root } from './paths.mjs'
import { mustRun } from './run.mjs'
import { whenChanged } from './stamp.mjs'

const shared = ['package-lock.json', 'sdk-plugin']

/** Builds what changed: the shell, and every plugin's package into dist/packages. */
export async function build() {
  const built = [
    await whenChanged('shell/dist/.stamp', [...shared, 'shell'], async () => {
      console.log('Building the shell…')
      await mustRun(node, ['shell/build.mjs'])
    }),
  ]
  for (const id of pluginIds()) {
    const { version } = JSON.parse(readFileSync(path.join(root, 'plugins', id, 'dcesop.plugin.json'), 'utf8'))
    // The version is in the stamp's name: one stamp for each package that exists.
    const stamp = `dist/packages/.${id}-${version}.stamp`
    built.push(
      await whenChanged(stamp, [...shared, `plugins/${id}`], async () => {
        console.log(`Building plugin ${id} ${version}…`)
        await mustRun(node, ['sdk-plugin/bin/dcesop.mjs', 'pack', `plugins/${id}`, '--out', 'dist/packages'])
      }),
    )
  }
  return built.some(Boolean)
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
