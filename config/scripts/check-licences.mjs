// Fails when a package that ships has a licence outside the allowed list (acceptance criterion L1).
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './lib/paths.mjs'

const allowed = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
])
// Fonts are not code; OFL-1.1 allows embedding and redistribution.
const fonts = new Map([['@fontsource-variable/inter', 'OFL-1.1']])

const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
const failures = []
let checked = 0
for (const [folder, entry] of Object.entries(lock.packages)) {
  const name = folder.split('node_modules/').pop()
  if (!folder.includes('node_modules/') || entry.link || entry.dev || entry.devOptional) continue
  const licence = entry.license ?? licenceOf(folder)
  checked += 1
  if (licence === undefined && entry.optional) continue // Not installed on this platform.
  if (!isAllowed(licence) && fonts.get(name) !== licence)
    failures.push(`${name}@${entry.version}: ${licence ?? 'no licence'}`)
}

for (const failure of failures) console.error(`licence not allowed: ${failure}`)
console.log(`${checked} production packages checked, ${failures.length} with a licence that is not allowed`)
process.exitCode = failures.length > 0 ? 1 : 0

function licenceOf(folder) {
  try {
    return JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')).license
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** An SPDX expression: every side of an AND, any side of an OR. */
function isAllowed(licence) {
  const expression = String(licence).replaceAll(/[()]/g, '')
  return expression.split(' OR ').some((choice) => choice.split(' AND ').every((id) => allowed.has(id.trim())))
}
