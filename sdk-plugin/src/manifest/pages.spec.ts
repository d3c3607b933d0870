import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { manifestPages } from './pages.ts'

const folder = path.resolve(import.meta.dirname, '../../../docs/manifest')

/** What the formatter changes in a table or in JSON says nothing else. */
const bare = (text: string) => text.replaceAll(/-{2,}|[\s\\]+/g, '')

describe('the pages of the manifest', () => {
  it('say what the schema says (npm run docs:sdk writes them)', async () => {
    const pages = manifestPages()
    expect((await readdir(folder)).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages) {
      expect({ name, text: bare(await readFile(path.join(folder, name), 'utf8')) }).toEqual({ name, text: bare(text) })
    }
  })

  it('explain a nested field with its form, bounds and whether it is needed', () => {
    const page = manifestPages().get('backend.md') as string
    expect(page).toContain('| `backend.routes[].timeoutMs` |  | whole number, 100 to 120000 |')
    expect(page).toContain('| `backend.routes[].permission` | yes |')
  })
})
