import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { dcesop, pluginForEach } from '../../../testing/command-line.ts'
import { authorsPlaces } from './authors-places.ts'

const author = pluginForEach()

/** Where a text stands in a file, as a stack tells it. */
async function placeOf(file: string, text: string): Promise<string> {
  const lines = (await readFile(path.join(author.plugin, file), 'utf8')).split('\n')
  const line = lines.findIndex((one) => one.includes(text))
  return `${file}:${line + 1}:${(lines[line]?.indexOf(text) ?? 0) + 1}`
}

it('tells the author’s own file and line for a place in the build', async () => {
  const stack = (place: string, host = '') => `Error: boom\n    at start (${host}${place})\n    at node:internal:1:2`
  expect(await authorsPlaces(stack('dist/server.cjs:9:1'), author.plugin)).toBe(stack('dist/server.cjs:9:1'))
  await dcesop('build', author.plugin)
  const built = await placeOf('dist/server.cjs', 'context.route(')
  const told = await authorsPlaces(stack(built, 'dcesop-plugin://radio@0.1.0-dev.1/'), author.plugin)
  const written = await placeOf('server/main.ts', 'context.route<')
  expect(told).toBe(stack(written))
  expect(await authorsPlaces(stack('dist/server.cjs:99999:1'), author.plugin)).not.toContain('undefined')
})
