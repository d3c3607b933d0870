// `npm run docs:manifest`: writes the reference of the manifest from its schema into docs/manifest.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { manifestPages } from '../../sdk-plugin/src/manifest/pages.ts'
import { format } from 'oxfmt'
import options from '../../.oxfmtrc.json' with { type: 'json' }
import { root } from './lib/paths.mjs'

const folder = path.join(root, 'docs/manifest')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [name, text] of manifestPages()) {
  const { code } = await format(name, text, options)
  writeFileSync(path.join(folder, name), code)
}
