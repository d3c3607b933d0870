// `npm run docs:manifest`: writes the reference of the manifest from its schema into docs/manifest.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { manifestPages } from '../../sdk-plugin/src/manifest/pages.ts'
import { format, resolveConfig } from 'prettier'
import { root } from './lib/paths.mjs'

const folder = path.join(root, 'docs/manifest')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [name, text] of manifestPages()) {
  const filepath = path.join(folder, name)
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }))
}
