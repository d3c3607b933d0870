import { existsSync } from 'node:fs'
import { node } from './paths.mjs'
import { mustRun } from './run.mjs'
import { whenChanged } from './stamp.mjs'

/** Installs exactly what the lock file says, when it is not there yet; what is there already stays in place for who runs on it. */
export async function ensureInstalled() {
  const stamp = 'node_modules/.cache/dcesop/install'
  const install = async () => {
    console.log('Installing packages (about a minute the first time)…')
    const verb = existsSync(node) ? ['install', '--no-save'] : ['ci']
    await mustRun('npm', [...verb, '--no-audit', '--no-fund', '--loglevel=error'])
  }
  const done = await whenChanged(stamp, ['package-lock.json'], install)
  if (!done && !existsSync(node)) await install()
}
