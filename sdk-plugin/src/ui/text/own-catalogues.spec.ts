import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkCatalogues, locales } from '../../i18n/index.ts'

const ui = join(import.meta.dirname, '..')
const sources = globSync('**/*.{ts,vue}', { cwd: ui }).filter((file) => !file.endsWith('.spec.ts'))
const source = sources.map((file) => readFileSync(join(ui, file), 'utf8')).join('\n')

function load(folder: string): Record<string, Record<string, string>> {
  const files = globSync('*.json', { cwd: join(ui, folder) })
  return Object.fromEntries(
    files.map((file) => [
      basename(file, '.json'),
      JSON.parse(readFileSync(join(ui, folder, file), 'utf8')) as Record<string, string>,
    ]),
  )
}

/** Ids written out in the source, and those built as `prefix.${name}` that the catalogue has. */
function usedIds(prefix: string, ids: readonly string[]): Set<string> {
  const literal = [...source.matchAll(new RegExp(`['"](${prefix}\\.[A-Za-z.]+)['"]`, 'g'))].map(
    (match) => match[1] ?? '',
  )
  const built = [...source.matchAll(new RegExp(`\`(${prefix}\\.[A-Za-z.]+)\\$\\{`, 'g'))].map((match) => match[1] ?? '')
  return new Set([...literal, ...ids.filter((id) => built.some((start) => id.startsWith(start)))])
}

test.each([
  ['ui', 'locales'],
  ['gallery', 'gallery/locales'],
])('texts of "%s" are complete in every language, well formed and used', (prefix, folder) => {
  const catalogues = load(folder)
  const ids = usedIds(prefix, Object.keys(catalogues['es'] ?? {}))
  expect(checkCatalogues(catalogues, { locales, usedIds: ids })).toEqual([])
})
