import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { dataForEach } from './testing/host-for-each.ts'

// Of the spec, because the process ends without clearing up.
const given = dataForEach()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pluginhost-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs a host process with one plugin, calls the paths, and tells what the process said and how it ended. */
async function run(paths: readonly string[], afterwards: string): Promise<{ output: string; code: number | null }> {
  const start = `
    context.route({ method: 'GET', path: '/reject', summary: 'x', handler: () => { setTimeout(() => Promise.reject(new Error('left alone')), 5); return null } })
    context.route({ method: 'GET', path: '/throw', summary: 'x', handler: () => { setTimeout(() => { throw new Error('out of reach') }, 5); return null } })`
  await writeFile(
    join(folder, 'demo.tgz'),
    await packFixture({ routes: [route('GET', '/reject'), route('GET', '/throw')], start }),
  )
  const testing = join(import.meta.dirname, 'testing/harness.ts')
  const script = `
    const { Harness, connectData } = await import(${JSON.stringify(testing)})
    const { data } = await connectData(${JSON.stringify(given.uri)}, ${JSON.stringify(given.prefix)})
    const harness = await Harness.start(data, { packagesDir: ${JSON.stringify(folder)} })
    for (const path of ${JSON.stringify(paths)}) await harness.call('GET', '/api/plugins/demo' + path)
    const errors = () => harness.log.lines.filter(({ level }) => level === 'error')
    while (errors().length < ${paths.length}) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const { level, fields, message } of harness.log.lines) console.log(level, fields.plugin, message, fields.err?.message)
    ${afterwards}
    console.log('alive', (await harness.call('GET', '/api/plugins/demo${paths[0]}')).status)
    process.exit(0)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { output: Buffer.concat(chunks).toString('utf8'), code }
}

describe('what nobody catches', () => {
  it('is charged to the plugin that left a rejection or throws in a timer, and the host goes on', async () => {
    const { output, code } = await run(['/reject', '/throw'], '')
    expect(output).toContain('error demo a plugin left a rejection unhandled left alone')
    expect(output).toContain('error demo a plugin threw outside a request out of reach')
    expect(output).toContain('alive 204')
    expect(code).toBe(0)
  })

  it('stays fatal when it is nobody’s', async () => {
    const { output, code } = await run(
      ['/reject'],
      `setTimeout(() => { throw new Error('of the core') }); await new Promise((resolve) => setTimeout(resolve, 100))`,
    )
    expect(output).not.toContain('alive')
    expect(code).not.toBe(0)
  })
})
