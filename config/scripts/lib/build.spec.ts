import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../..')
const record = 'plugins/provider/dist/contracts.kept.json'

/** Stands in for the command line of the SDK: notes what it was asked for, and leaves a record as `dcesop test` does. */
const dcesop = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
const [verb, folder] = process.argv.slice(2)
appendFileSync('log', verb + ' ' + folder + '\\n')
if (verb === 'test') {
  if (process.env.SPECS_FAIL) process.exit(1)
  mkdirSync(folder + '/dist', { recursive: true })
  writeFileSync(folder + '/dist/contracts.kept.json', String(process.hrtime.bigint()))
} else mkdirSync('dist/packages', { recursive: true })
`

let tree = ''
beforeEach(async () => {
  tree = await mkdtemp(path.join(tmpdir(), 'dcesop-build-'))
  const files = {
    'sdk-plugin/bin/dcesop.mjs': dcesop,
    'plugins/provider/dcesop.plugin.json': '{ "version": "1.0.0", "provides": { "a.b": "1.0.0" } }',
    'plugins/consumer/dcesop.plugin.json': '{ "version": "1.0.0" }',
    'plugins/consumer/contracts/a.b.json': '{ "capability": "a.b" }',
    'tests/conformance/plugin-contracts.spec.ts': '',
    'core/src/plugins/process/child/hosted-plugin.ts': '',
    'shell/build.mjs': '',
    'docs/site/main.mjs': '',
    'package-lock.json': '{}',
    'README.md': '',
    log: '',
  }
  for (const [file, text] of Object.entries(files)) await put(file, text)
  await cp(path.join(root, 'config/scripts/lib'), path.join(tree, 'config/scripts/lib'), { recursive: true })
  await mkdir(path.join(tree, 'node_modules/.bin'), { recursive: true })
  await symlink(process.execPath, path.join(tree, 'node_modules/.bin/node'))
})
afterEach(() => rm(tree, { recursive: true, force: true }))

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(tree, file)), { recursive: true })
  await writeFile(path.join(tree, file), text)
}

function script(code: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: tree,
    env: { ...process.env, ...env },
  })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { child, ended }
}

async function asked(options: string, env?: NodeJS.ProcessEnv): Promise<string[]> {
  await put('log', '')
  const code = `const { build } = await import('./config/scripts/lib/build.mjs'); await build(${options})`
  expect(await script(code, env).ended).toBe(0)
  return (await readFile(path.join(tree, 'log'), 'utf8')).split('\n').filter(Boolean).sort()
}

const packs = ['pack plugins/consumer', 'pack plugins/provider']

describe('build', () => {
  it('runs no spec for a start, and packs the record of contracts for a release', async () => {
    expect(await asked('{ release: false }')).toEqual(packs)
    expect(await asked('{ release: false }')).toEqual([])
    // The package that has no record yet is packed again.
    expect(await asked('')).toEqual(['pack plugins/provider', 'test plugins/provider'])
    expect(await asked('')).toEqual([])
    expect(await asked('{ release: false }')).toEqual([])
  })

  it('holds a release against contracts that changed', async () => {
    await asked('')
    await put('plugins/consumer/contracts/a.b.json', '{ "capability": "a.b", "more": true }')
    expect(await asked('')).toEqual([...packs, 'test plugins/provider'])
  })

  it('asks the specs again that failed, and packs without their word', async () => {
    const failed = [...packs, 'test plugins/provider']
    expect(await asked('', { SPECS_FAIL: '1' })).toEqual(failed)
    await expect(readFile(path.join(tree, record))).rejects.toThrow('ENOENT')
    expect(await asked('')).toEqual(['pack plugins/provider', 'test plugins/provider'])
  })

  it('is done once by processes that want the same at the same time', async () => {
    const code = `
      import { appendFileSync } from 'node:fs'
      import { whenChanged } from './config/scripts/lib/stamp.mjs'
      console.log('asks')
      await whenChanged('stamp', ['README.md'], async () => {
        appendFileSync('log', 'work ')
        console.log('works')
        await new Promise((resolve) => process.stdin.once('data', resolve))
        appendFileSync('log', 'done ')
      })
      process.exit()`
    const first = script(code)
    await heard(first.child, 'works')
    const second = script(code)
    await heard(second.child, 'asks')
    // One that does not wait for the first says so here, and is not done before it is let go either.
    for (const { child } of [first, second]) child.stdin.write('go')
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0])
    expect(await readFile(path.join(tree, 'log'), 'utf8')).toBe('work done ')
  })

  it('does what a killed process left half done', async () => {
    const code = (end: string) => `
      import { whenChanged } from './config/scripts/lib/stamp.mjs'
      await whenChanged('stamp', ['README.md'], () => { console.log('works'); ${end} })`
    const first = script(code('return new Promise(() => setInterval(() => {}, 1000))'))
    await heard(first.child, 'works')
    const second = script(code(''))
    first.child.kill('SIGKILL')
    await heard(second.child, 'works')
    expect(await second.ended).toBe(0)
  })
})

function heard({ stdout }: ReturnType<typeof script>['child'], word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout.on('data', (chunk: Buffer) => (text += chunk.toString()).includes(word) && resolve())
    stdout.on('end', () => reject(new Error(`"${word}" was never said: ${text}`)))
  })
}
