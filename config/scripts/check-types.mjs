// Type checks every workspace: plain TypeScript with the native compiler, Vue workspaces with vue-tsc.
import { bin, node } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

const plain = ['core', 'core/embedded-db', 'registry', 'tests']
const vue = ['sdk-plugin', 'shell', 'plugins/customers', 'plugins/diagnostics']

let failed = 0
for (const folder of plain) failed += (await run(bin('tsc'), ['-p', `${folder}/tsconfig.json`])) === 0 ? 0 : 1
for (const folder of vue)
  failed += (await run(node, [bin('vue-tsc'), '-p', `${folder}/tsconfig.json`, '--noEmit'])) === 0 ? 0 : 1
console.log(`types: ${plain.length + vue.length} workspaces checked, ${failed} with errors`)
process.exitCode = failed === 0 ? 0 : 1
