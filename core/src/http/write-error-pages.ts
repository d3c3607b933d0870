import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorPages } from './error-pages.ts'

// node core/src/http/write-error-pages.ts: brings docs/errors up to date.
const folder = join(import.meta.dirname, '../../../docs/errors')
const pages = errorPages()
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) if (name.endsWith('.md') && !pages.has(name)) rmSync(join(folder, name))
for (const [name, text] of pages) writeFileSync(join(folder, name), text)
