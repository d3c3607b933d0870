import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { packedSdk } from '../support/partner-folder.ts'

jest.setTimeout(180_000)

const root = path.resolve(import.meta.dirname, '../..')
const committed = path.join(root, 'sdk-plugin/api')

/** In a process of its own: jest would compile the compiler. */
async function surface(): Promise<Record<string, string>> {
  await packedSdk()
  const script = `
    const { apiReport } = await import('./sdk-plugin/packaging/api-report.ts')
    console.log(JSON.stringify(Object.fromEntries(await apiReport('sdk-plugin/dist/package'))))`
  const node = path.join(root, 'node_modules/.bin/node')
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(node, ['--input-type=module', '-e', script], options)
  return JSON.parse(stdout) as Record<string, string>
}

it('the public surface of the SDK is the one that was looked at', async () => {
  const now = await surface()
  expect(Object.keys(now)).toEqual(expect.arrayContaining(['index.md', 'ui.md', 'testing.md']))
  const changed: string[] = []
  for (const name of new Set([...Object.keys(now), ...(await readdir(committed))])) {
    const before = await readFile(path.join(committed, name), 'utf8').catch(() => '')
    const lines = (text: string) => new Set(text.split('\n'))
    const [old, young] = [lines(before), lines(now[name] ?? '')]
    changed.push(...[...old].filter((line) => !young.has(line)).map((line) => `${name}: - ${line}`))
    changed.push(...[...young].filter((line) => !old.has(line)).map((line) => `${name}: + ${line}`))
  }
  if (changed.length > 0)
    throw new Error(
      `What plugins see of the SDK has changed. If it is meant, run "npm run api -w sdk-plugin", ` +
        `look at what a plugin has to change, and commit sdk-plugin/api.\n${changed.join('\n')}`,
    )
})
