// `npm start`: installs, builds what changed, then becomes the host.
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { node } from './lib/paths.mjs'
import { become } from './lib/run.mjs'

await ensureInstalled()
await build({ release: false })
await become(node, ['core/src/main.ts', ...process.argv.slice(2)])
