import { ruleOf } from '@dcesop/sdk-plugin/package'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPages } from './checks/check-pages.ts'
import { checkCatalogue } from './checks/catalogue.ts'
import { findingCodes } from './checks/findings.ts'
import { changeReasons, decisionReasons, refused } from './governance/refusals.ts'
import { errorPages } from './http/error-pages.ts'
import { problems } from './http/problems.ts'

const docs = join(import.meta.dirname, '../../docs')
const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|^testing/.test(file))
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n')
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

  it('know every reason for which a decision or a change is refused by the code of its problem', () => {
    const refuse = refused as (reason: string, params: object) => { code: string }
    const codes = [...decisionReasons, ...changeReasons].map((one) => refuse(one, { flags: [], channels: [] }).code)
    expect(codes.filter((code) => !(code in problems))).toEqual([])
  })

  it('know every rule of the checks, and none besides those of the SDK', () => {
    const known = Object.values(checkCatalogue).flatMap(({ rules }) => Object.keys(rules))
    // How a check itself may fail is told in the index.
    const used = new Set(findingCodes.map((code) => code.split('.')[0]).filter((rule) => !rule?.startsWith('check-')))
    expect([...used].filter((rule) => !known.includes(rule as string))).toEqual([])
    expect(known.filter((rule) => !used.has(rule) && !ruleOf(rule))).toEqual([])
    expect(source).not.toMatch(/\brule: '/)
  })
})
