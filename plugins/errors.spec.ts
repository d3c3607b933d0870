import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Codes in `new Problem(status, 'code', …)`, wherever the line breaks. */
const thrown = /new Problem\(\s*\d{3},\s*'([a-z_]+)'/g

async function codesOf(plugin: string): Promise<string[]> {
  const folder = path.join(import.meta.dirname, plugin)
  const codes = new Set<string>()
  for await (const file of glob('server/**/*.ts', { cwd: folder })) {
    const text = await readFile(path.join(folder, file), 'utf8')
    for (const [, code] of text.matchAll(thrown)) codes.add(code as string)
  }
  return [...codes]
}

describe.each(['customers', 'diagnostics'])('errors of %s', (plugin) => {
  it('are all explained, in the plugin’s page or the host’s', async () => {
    const own = await readFile(path.join(import.meta.dirname, plugin, 'ERRORS.md'), 'utf8')
    const codes = await codesOf(plugin)
    expect(codes.length).toBeGreaterThan(2)
    const unexplained: string[] = []
    for (const code of codes) {
      const page = path.join(import.meta.dirname, '../docs/errors', `${code}.md`)
      const hosts = await readFile(page, 'utf8').then(Boolean, () => false)
      if (!hosts && !own.includes(`\`${code}\``)) unexplained.push(code)
    }
    expect(unexplained).toEqual([])
  })
})
