import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const folders = [
  'shell/src',
  'plugins/*',
  'partners/*',
  'sdk-plugin/src/ui',
  'sdk-plugin/src/ui/*',
  'sdk-plugin/templates/*',
]
/** Of `dcesop` and of what is refused of a package. */
const modules = 'sdk-plugin/src/{cli,findings,signing,findings/rules}/locales/{es,pt-BR}{.ts,/*.ts}'
const inJson = folders
  .flatMap((folder) => globSync(`${folder}/locales/{es,es-MX,es-CO,pt-BR}.json`, { cwd: root }))
  .flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>).map(([id, text]) => ({
      language: basename(file).slice(0, 2),
      id: `${file} ${id}`,
      // Arguments and code, such as {plugin} and plugins.config, are no words.
      text: text.replace(/\{\w+|\w+\.\w[\w.]*|dcesop dev/g, ''),
    })),
  )

const inModules = globSync(modules, { cwd: root }).flatMap((file) => {
  const language = /\/locales\/(es|pt)/.exec(file)?.[1] as string
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((line) => !/^(import|export|const)/.test(line))
    .map((line, index) => ({
      language,
      id: `${file}:${index + 1}`,
      // Besides, what stands in quotation marks is what an author types.
      text: line.replace(/^\s*'[\w.-]+':|`[^`]*`|"[\w-]*"|\{\w+|\w+\.\w[\w.]*|\w+\|[\w|]+/g, ''),
    }))
})
const texts = [...inJson, ...inModules]

/** Words that the last column of the glossary names, by language. */
const avoided = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (en|-)/.test(line))
  .flatMap((line) => (line.split('|').at(-2) ?? '').split(','))
  .flatMap((entry) => {
    const [, language, word] = /^\s*(es|pt) (.+?)\s*$/.exec(entry) ?? []
    return language === undefined || word === undefined ? [] : [[language, word] as const]
  })

function withWord(language: string, word: string): string[] {
  const whole = word.endsWith('-') ? word.slice(0, -1) : `${word}(?:e?s)?(?!\\p{L})`
  const form = new RegExp(`(?<![\\p{L}-])${whole}`, word === 'wi-fi' ? 'u' : 'iu')
  return texts.filter((text) => text.language === language && form.test(text.text)).map(({ id }) => id)
}

it.each(avoided)('no text in %s says "%s"', (language, word) => {
  expect(withWord(language, word)).toEqual([])
})

it('Portuguese prepositions and articles are contracted', () => {
  expect(withWord('pt', '(?:de|em|por) [ao]')).toEqual([])
})

it('there are words to look for, and texts', () => {
  expect(avoided.length).toBeGreaterThan(10)
  expect(texts.length).toBeGreaterThan(1000)
  expect(inModules.length).toBeGreaterThan(1000)
})
