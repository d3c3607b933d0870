// `npm run gallery:update`: makes the gallery's pictures for this platform anew; look at the difference before it is committed.
import { ensureBrowser } from './lib/browser.mjs'
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { bin, node } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

await ensureInstalled()
await build()
const browser = await ensureBrowser()
const options = ['-c', 'tests/playwright.config.ts', '--update-snapshots', 'changed', '--reporter', 'list']
process.exitCode = await run(node, [bin('playwright'), 'test', 'gallery', ...options], {
  env: { ...(browser && { CHROMIUM_PATH: browser }) },
})
