import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPages } from './checks/check-pages.ts'
import { checkCatalogue } from './checks/catalogue.ts'
import { errorPages } from './http/error-pages.ts'
import { problems } from './http/problems.ts'

const docs = join(import.meta.dirname, '../../docs')
const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|^testing/.test(file))
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }))
const source = sources.map(({ text }) => text).join('\n')
const written = (folder: string) =>
  new Map(readdirSync(join(docs, folder)).map((name) => [name, readFileSync(join(docs, folder, name), 'utf8')]))

describe('documentation pages', () => {
  it('are up to date for every problem code and every check', () => {
    expect(written('errors/registry')).toEqual(errorPages())
    expect(written('checks')).toEqual(checkPages())
  })

  it('know every code that the registry answers with', () => {
    const thrown = [...source.matchAll(/new Problem\(\s*[\w.]+,\s*'([^']+)'/g)].map(([, code]) => code as string)
    expect(thrown.length).toBeGreaterThan(30)
    expect([...new Set(thrown)].filter((code) => !(code in problems))).toEqual([])
  })

  it('know every rule of the checks', () => {
    const checks = sources.filter(({ file, text }) => file.startsWith('checks') || text.includes("/check.ts'"))
    const used = checks.flatMap(({ text }) => [...text.matchAll(/rule: '([^']+)'/g)].map(([, rule]) => rule as string))
    const known = Object.values(checkCatalogue).flatMap(({ rules }) => Object.keys(rules))
    expect(used.length).toBeGreaterThan(5)
    expect([...new Set(used)].filter((rule) => !known.includes(rule))).toEqual([])
  })
})
