import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkCatalogues } from '../../i18n/index.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { ptBR } from './pt-BR.ts'

const source = path.resolve(import.meta.dirname, '../..')
const files = globSync(['cli/**/*.ts', 'build/*.ts'], { cwd: source }).filter(
  (file) => !/\.spec\.ts$|locales/.test(file),
)
const code = files.map((file) => readFileSync(path.join(source, file), 'utf8')).join('\n')

/** Ids written out in the code, and those that are put together behind `prefix.${…}`. */
const literal = [...code.matchAll(/['`]([a-z]+[A-Za-z]*\.[A-Za-z]+)['`]/g)].map(([, id]) => id as string)
const made = [...code.matchAll(/`([a-z]+\.)\$\{/g)].map(([, prefix]) => prefix as string)
const usedIds = new Set([
  'usage',
  ...literal.filter((id) => Object.hasOwn(en, id)),
  ...Object.keys(en).filter((id) => made.some((prefix) => id.startsWith(prefix))),
])

describe('what the command line says', () => {
  it('is complete in every language, with the same parameters, and used', () => {
    const locales = ['es', 'pt-BR', 'en']
    expect(checkCatalogues({ es, 'pt-BR': ptBR, en }, { locales, source: 'en', usedIds })).toEqual([])
  })

  it('names the same commands and options in every language', () => {
    const words = (text: string) => text.match(/dcesop [a-z-]+|(?<!\p{L})--?[a-z-]+|[a-z]+(?:\|[a-z]+)+/gu)
    expect(words(es.usage)).toEqual(words(en.usage))
    expect(words(ptBR.usage)).toEqual(words(en.usage))
  })

  it('is told by no sentence that stands in the code', () => {
    expect([...code.matchAll(/new (?:UsageError|BuildError)\(\s*['"`](?!\$\{)[^)]*/g)].map(String)).toEqual([])
    expect([...code.matchAll(/console\.(?:log|error)\(\s*['"`][^)]*/g)].map(String)).toEqual([])
  })
})
