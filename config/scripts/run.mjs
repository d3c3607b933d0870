// Runs a TypeScript program of the project under its pinned Node: `node config/scripts/run.mjs FILE [ARGUMENTS]`.
import { ensureInstalled } from './lib/install.mjs'
import { node } from './lib/paths.mjs'
import { become } from './lib/run.mjs'

await ensureInstalled()
await become(node, process.argv.slice(2))
