// Type checks everything in three programs: what runs in Node, Vue, the tests; all with the native compiler.
import { bin, node } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

const programs = {
  // One thread: other checks run beside it.
  node: [bin('tsc'), ['--singleThreaded', '-p', 'config/tsconfig.node.json']],
  vue: [node, ['--single-threaded-gc', 'config/scripts/check-vue.mjs', 'config/tsconfig.vue.json']],
  tests: [bin('tsc'), ['--singleThreaded', '-p', 'tests/tsconfig.json']],
}

const failed = []
for (const [name, [command, args]] of Object.entries(programs)) if ((await run(command, args)) !== 0) failed.push(name)
console.log(`types: ${Object.keys(programs).length} programs checked, with errors: ${failed.join(', ') || 'none'}`)
process.exitCode = failed.length === 0 ? 0 : 1
