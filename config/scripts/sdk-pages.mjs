// `npm run docs:sdk`: writes the reference of the manifest's fields and of the rules from the SDK's sources into docs/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { manifestPages } from '../../sdk-plugin/src/manifest/pages.ts'
import { rulePages } from '../../sdk-plugin/src/findings/rules/pages.ts'
import { format } from 'oxfmt'
import options from '../../.oxfmtrc.json' with { type: 'json' }
import { root } from './lib/paths.mjs'

for (const [name, pages] of [
  ['manifest', manifestPages()],
  ['rules', rulePages()],
]) {
  const folder = path.join(root, 'docs', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of pages) {
    const { code } = await format(file, text, options)
    writeFileSync(path.join(folder, file), code)
  }
}
