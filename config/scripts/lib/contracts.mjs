import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { bin, node, root } from './paths.mjs'
import { run } from './run.mjs'
import { whenChanged } from './stamp.mjs'

const contractSpec = 'tests/conformance/plugin-contracts.spec.ts'

/** Where `dcesop test` leaves the record, and `dcesop pack` takes it from. */
export const contractRecord = (id) => `plugins/${id}/dist/contracts.kept.json`

/**
 * Leaves the record for the package that a plugin's backend keeps its consumers' contracts. A registry asks for it, a host does not.
 * @param inputs files and folders of which the backend is made
 */
export async function recordContracts(id, manifest, inputs) {
  const contracts = contractsOn(manifest)
  if (contracts.length === 0) return
  await whenChanged(`plugins/${id}/dist/.contracts.stamp`, [...inputs, ...contracts, contractSpec], async () => {
    console.log(`Holding plugin ${id} against the contracts of its consumers…`)
    const words = ['--config', path.join(root, 'jest.config.mjs'), contractSpec]
    const test = ['sdk-plugin/bin/dcesop.mjs', 'test', `plugins/${id}`, '--', node, bin('jest'), ...words]
    if ((await run(node, test)) === 0) return true
    console.error(`${id} is packed without the word that it keeps what its consumers rely on.`)
    return false
  })
}

/** The contracts that plugins have, here and at registries that were asked, on what one of them provides. */
function contractsOn({ provides = {} }) {
  return ['plugins', 'partners']
    .flatMap((parent) => entriesOf(parent))
    .flatMap((plugin) => ['contracts', 'consumers'].flatMap((folder) => entriesOf(`${plugin}/${folder}`)))
    .filter((file) => file.endsWith('.json'))
    .filter((file) => Object.hasOwn(provides, JSON.parse(readFileSync(path.join(root, file), 'utf8')).capability ?? ''))
    .sort()
}

/** Of a folder that may be missing. Not by a glob: a fresh clone starts on an older Node, which has none. */
function entriesOf(folder) {
  const at = path.join(root, folder)
  return existsSync(at) && statSync(at).isDirectory() ? readdirSync(at).map((name) => `${folder}/${name}`) : []
}
