import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './paths.mjs'
import { inTurn } from './turn.mjs'

const skipped = new Set(['node_modules', 'dist', '.data', 'coverage'])

/** SHA-256 over names and contents of files and folders, so that work is repeated only when its input changed. */
function fingerprint(inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) addTo(hash, path.join(root, input))
  return hash.digest('hex')
}

function addTo(hash, file) {
  const stats = statSync(file)
  if (stats.isDirectory()) {
    for (const name of readdirSync(file).sort()) {
      if (!skipped.has(name) && !name.endsWith('.spec.ts')) addTo(hash, path.join(file, name))
    }
  } else {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file))
  }
}

/**
 * Runs `work` unless `stampFile` already holds the fingerprint of the inputs; says which. Of processes that want the same at once, one
 * works and the others wait for it. Work that answers false is to be done again the next time.
 */
export async function whenChanged(stampFile, inputs, work) {
  const file = path.join(root, stampFile)
  const wanted = fingerprint(inputs)
  const isDone = () => existsSync(file) && readFileSync(file, 'utf8') === wanted
  if (isDone()) return false
  return inTurn(file, async () => {
    if (isDone()) return false
    if ((await work()) === false) return true
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, wanted)
    return true
  })
}
