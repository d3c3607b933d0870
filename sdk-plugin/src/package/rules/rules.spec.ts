import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ruleOf } from './index.ts'
import { rulePages } from './pages.ts'

const source = path.resolve(import.meta.dirname, '../..')
const docs = path.resolve(import.meta.dirname, '../../../../docs/rules')

/** What the formatter changes in a table says nothing else. */
const bare = (text: string) => text.replaceAll(/-{2,}|[\s\\]+/g, '')

/** Ids as they stand in the code of the folders that refuse. */
function thrown(): string[] {
  return ['package', 'manifest', 'cli', 'build', 'signing'].flatMap((folder) =>
    readdirSync(path.join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.spec)\.ts$/.test(file) && !file.startsWith('rules'))
      .map((file) => readFileSync(path.join(source, folder, file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/(?:rule:|(?:finding|refus(?:ed?|al))\()\s*'([a-z0-9]+-[a-z-]+)'/g)])
      .map(([, rule]) => rule as string),
  )
}

describe('the rules of a package', () => {
  it('are each explained where one is refused by it', () => {
    const rules = [...new Set(thrown())]
    expect(rules.length).toBeGreaterThan(35)
    expect(rules.filter((rule) => !ruleOf(rule))).toEqual([])
  })

  it('are each refused by somewhere', () => {
    const rules = new Set(thrown())
    const ofCatalogues = /^i18n-/
    const explained = [...rulePages().keys()]
      .map((name) => name.slice(0, -'.md'.length))
      .filter((id) => id !== 'README')
    expect(explained.filter((id) => !rules.has(id) && !ofCatalogues.test(id))).toEqual([])
  })

  it('have pages that say the same (npm run docs:sdk writes them)', () => {
    const pages = rulePages()
    expect(readdirSync(docs).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages)
      expect({ name, text: bare(readFileSync(path.join(docs, name), 'utf8')) }).toEqual({ name, text: bare(text) })
  })
})
