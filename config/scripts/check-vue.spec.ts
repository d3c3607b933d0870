import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.resolve(import.meta.dirname, '../..')

let folder: string
// Where Vue is found from.
beforeAll(async () => void (folder = await mkdtemp(path.join(root, 'node_modules/.cache/check-vue-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the check says of one component, and of a script that takes it as having no properties. */
async function said(component: string): Promise<string[]> {
  const options = { strict: true, noEmit: true, skipLibCheck: true, module: 'preserve', types: [], target: 'es2024' }
  const files = {
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...options, allowImportingTsExtensions: true } }),
    'card.vue': component,
    'page.ts': `import Card from './card.vue'\nexport const tall = new Card().$props.tall\n`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  const script = path.join(import.meta.dirname, 'check-vue.mjs')
  const run = promisify(execFile)(process.execPath, [script, path.join(folder, 'tsconfig.json')])
  const { stdout } = await run.catch((error: { code: unknown; stdout: string }) => {
    expect(error.code).toBe(1)
    return error
  })
  return stdout
    .split('\n')
    .filter((line) => /^\S/.test(line))
    .map((line) => line.replace(`${path.relative(root, folder)}/`, ''))
}

it('tells what is wrong in a component where somebody wrote it', async () => {
  const script = (code: string) => `<script setup lang="ts">\n${code}\n</script>\n`
  const whole = `${script(`defineProps<{ tall: boolean }>()`)}<template><p>{{ tall }}</p></template>\n`
  expect(await said(whole)).toEqual([])
  // Letters of several bytes stand before it.
  const words = '// ñ — 😀\n'
  const broken = `${script(`${words}defineProps<{ high: boolean }>()\nconst one: string = 1`)}<template><p>ñ {{ wide }}</p></template>\n`
  expect(await said(broken)).toEqual([
    expect.stringMatching(/^card\.vue\(4,7\): error TS2322: /),
    expect.stringMatching(/^card\.vue\(6,19\): error TS2339: Property 'wide' /),
    expect.stringMatching(/^page\.ts\(2,39\): error TS2339: Property 'tall' /),
  ])
})
