import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPages } from './checks/check-pages.ts'
import { errorPages } from './http/error-pages.ts'

// node registry/src/write-pages.ts: brings docs/errors/registry and docs/checks up to date.
const docs = join(import.meta.dirname, '../../docs')
for (const [folder, pages] of [
  ['errors/registry', errorPages()],
  ['checks', checkPages()],
] as const) {
  mkdirSync(join(docs, folder), { recursive: true })
  for (const name of readdirSync(join(docs, folder))) if (!pages.has(name)) rmSync(join(docs, folder, name))
  for (const [name, text] of pages) writeFileSync(join(docs, folder, name), text)
}
