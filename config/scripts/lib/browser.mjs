import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { bin, node } from './paths.mjs'
import { run } from './run.mjs'

// The headless shell first: the same engine at two thirds of the processor time.
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'msedge',
]
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

/** Path of a browser that is installed: `CHROMIUM_PATH`, then the PATH, then the usual places. */
export function installedBrowser() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [process.env.CHROMIUM_PATH, ...onPath, ...fixedPlaces].find((file) => file && existsSync(file))
}

/** Finds a browser, or fetches Playwright's, or installs Debian's; undefined lets Playwright use its own. */
export async function ensureBrowser() {
  const found = installedBrowser()
  if (found) return found
  console.log('No browser found; fetching Playwright’s Chromium…')
  if ((await run(node, [bin('playwright'), 'install', 'chromium'])) === 0) return undefined
  console.log('That failed; installing Debian’s Chromium…')
  const status = await run('sh', [
    '-c',
    'export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && { apt-get install -y -qq chromium-headless-shell || apt-get install -y -qq chromium; }',
  ])
  const installed = installedBrowser()
  if (status !== 0 || !installed) throw new Error('No browser: install Chrome or Chromium, or set CHROMIUM_PATH.')
  return installed
}
