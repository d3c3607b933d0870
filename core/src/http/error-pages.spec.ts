import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorPages } from './error-pages.ts'
import { problems } from './problems.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'docs/errors')

function sources(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(root, directory, file), 'utf8'))
}

describe('problem codes', () => {
  it('each have an up-to-date page', () => {
    // The folder beside them has the registry's.
    const names = readdirSync(folder).filter((name) => name.endsWith('.md'))
    const written = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
    expect(written).toEqual(errorPages())
  })

  it('are all in the catalogue where the host or the SDK throws them', () => {
    const thrown = [
      ...sources('core/src'),
      ...sources('sdk-plugin/src/backend'),
      ...sources('sdk-plugin/src/http'),
    ].flatMap((text) => [...text.matchAll(/new Problem\(\s*[\w.]+,\s*'([^']+)'/g)].map(([, code]) => code as string))
    expect(thrown.length).toBeGreaterThan(30)
    expect([...new Set(thrown)].filter((code) => !(code in problems))).toEqual([])
  })
})
