// `npm run build`: the shell and every plugin's package, only what changed.
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'

await ensureInstalled()
console.log((await build()) ? 'built' : 'nothing changed')
