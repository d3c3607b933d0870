import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { en } from '../locales/en.ts'
import { type RuleDescription, ruleGroups, ruleOf } from './index.ts'
import { es } from './locales/es/index.ts'
import { ptBR } from './locales/pt-BR/index.ts'
import { rulePages } from './pages.ts'

const source = path.resolve(import.meta.dirname, '../..')
const docs = path.resolve(import.meta.dirname, '../../../../docs/rules')

/** What the formatter changes in a table says nothing else. */
const bare = (text: string) => text.replaceAll(/-{2,}|[\s\\]+/g, '')

const code = ['package', 'manifest', 'cli', 'build', 'signing']
  .flatMap((folder) =>
    readdirSync(path.join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.spec)\.ts$/.test(file) && !/(^|\/)(rules|locales)\//.test(file))
      .map((file) => readFileSync(path.join(source, folder, file), 'utf8')),
  )
  .join('\n')

/** Codes of findings, each with whether the code of the folders that refuse has it; some are put together from a part that is fixed. */
const codes = Object.keys(en).filter((id) => !id.endsWith('.fix'))
const isFound = (id: string) =>
  code.includes(`'${id}'`) ||
  ['source-undeclared.', 'i18n-'].some((part) => id.startsWith(part) && code.includes(`\`${part}\${`))
const ruleIn = (id: string) => id.split('.')[0] as string

describe('the rules of a package', () => {
  it('are each explained where one is refused by it', () => {
    const rules = [...new Set(codes.map(ruleIn))]
    expect(rules.length).toBeGreaterThan(35)
    expect(rules.filter((rule) => !ruleOf(rule))).toEqual([])
    // By no other way than by a code, which can be told in every language.
    expect([...code.matchAll(/rule: '[a-z0-9]+-[a-z-]+'/g)].map(String)).toEqual([])
  })

  it('are each refused by somewhere', () => {
    const rules = new Set(codes.filter(isFound).map(ruleIn))
    const explained = [...rulePages().keys()]
      .map((name) => name.slice(0, -'.md'.length))
      .filter((id) => id !== 'README')
    expect(explained.filter((id) => !rules.has(id))).toEqual([])
    expect(codes.filter((id) => !isFound(id))).toEqual([])
  })

  it.each([es, ptBR])('are explained in other languages, each with the same words of code', ({ rules }) => {
    const english = Object.assign({}, ...ruleGroups.map((group) => group.rules)) as typeof rules
    expect(Object.keys(rules).sort()).toEqual(Object.keys(english).sort())
    const words = (id: string, from: typeof rules) =>
      [
        ...new Set(
          Object.values(from[id] as RuleDescription)
            .join(' ')
            .match(/`[^`]+`/g),
        ),
      ].sort()
    expect(Object.keys(english).filter((id) => String(words(id, rules)) !== String(words(id, english)))).toEqual([])
  })

  it('have pages that say the same (npm run docs:sdk writes them)', () => {
    const pages = rulePages()
    expect(readdirSync(docs).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages)
      expect({ name, text: bare(readFileSync(path.join(docs, name), 'utf8')) }).toEqual({ name, text: bare(text) })
  })
})
