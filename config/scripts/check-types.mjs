// Type checks everything in three programs: what runs in Node with the native compiler, Vue with vue-tsc, the tests.
import { bin, node } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

const programs = {
  // One thread: other checks run beside it.
  node: [bin('tsc'), ['--singleThreaded', '-p', 'config/tsconfig.node.json']],
  vue: [node, ['--single-threaded-gc', bin('vue-tsc'), '--noEmit', '-p', 'config/tsconfig.vue.json']],
  tests: [bin('tsc'), ['--singleThreaded', '-p', 'tests/tsconfig.json']],
}

const failed = []
for (const [name, [command, args]] of Object.entries(programs)) if ((await run(command, args)) !== 0) failed.push(name)
console.log(`types: ${Object.keys(programs).length} programs checked, with errors: ${failed.join(', ') || 'none'}`)
process.exitCode = failed.length === 0 ? 0 : 1
