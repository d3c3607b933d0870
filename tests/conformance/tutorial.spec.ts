import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { signIn } from '../support/client.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

jest.setTimeout(300_000)

interface Fence {
  /** `sh`, or a language that is only shown. */
  readonly language: string
  /** What stands behind it: `fails`, or `file=` with the file that the text is saved as. */
  readonly note: string
  readonly text: string
}

async function fences(): Promise<Fence[]> {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/tutorial.md'), 'utf8')
  return [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(([, language = '', note = '', text = '']) => ({
    language,
    note,
    text,
  }))
}

let partner: Partner
let product: Product
let registry: RegistryProcess
let dev: ChildProcess | undefined
beforeAll(async () => {
  partner = await openPartner()
  // A host without the demo's data: the tutorial shows a plugin of its own.
  const config = path.join(partner.dir, 'host.json')
  await writeFile(config, JSON.stringify({ demo: { programs: [] }, plugins: { firstInstall: [] } }))
  ;[product, registry] = await Promise.all([startProduct({ env: { DCESOP_CONFIG: config } }), startRegistryProcess()])
})
afterAll(async () => {
  dev?.kill('SIGKILL')
  await Promise.all([product?.dispose(), registry?.dispose()])
  await partner?.dispose()
})

/** The addresses of this run in place of the page's. */
const here = (text: string) =>
  text.replaceAll('http://127.0.0.1:8080', product.url).replaceAll('http://127.0.0.1:4873', registry.url)

it('every command of the tutorial does what the page says', async () => {
  let folder = partner.dir
  const done: string[] = []
  for (const { language, note, text } of await fences()) {
    const file = /^file=(.+)$/.exec(note)?.[1]
    if (file !== undefined) {
      await writeFile(path.join(folder, file), text)
      if (dev) await shows(35 + 5)
      continue
    }
    expect(language).toBe('sh')
    for (const line of here(text).trim().split('\n')) {
      done.push(line.split(' ').slice(0, 3).join(' '))
      if (line.startsWith('cd ')) folder = path.join(folder, line.slice(3))
      else if (line.startsWith('npm install ')) await run('npx dcesop --help', folder, false)
      else if (line.startsWith('npm login ')) await logIn()
      else if (line.startsWith('npx dcesop dev')) await develop(line, folder)
      else await run(line.replace(/^npx (?=dcesop )/, ''), folder, note === 'fails')
    }
  }
  expect(done).toEqual(expect.arrayContaining(['npx dcesop new', 'npx dcesop dev', 'npx dcesop publish']))
  await end()
})

/** `npm install` asks a network; the folder has the packed SDK installed without one. `npx` finds it there, as it does each time. */
async function run(command: string, cwd: string, fails: boolean): Promise<void> {
  const { status, out } = await partner.sh(`cd ${cwd} && ${command}`)
  if (fails) expect([command, status]).toEqual([command, 1])
  else if (status !== 0) throw new Error(`${command} ended with ${status}:\n${out}`)
}

/** What `npm login` leaves behind, and the scope that an administrator gives. */
async function logIn(): Promise<void> {
  const [token, admin] = [
    await registry.token('acme'),
    await registry.token('registry-admin', 'demo registry-admin only'),
  ]
  await writeFile(path.join(partner.dir, '.npmrc'), `//${new URL(registry.url).host}/:_authToken=${token}\n`)
  const answer = await fetch(`${registry.url}/-/org/acme/user`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'acme', role: 'owner' }),
  })
  expect(answer.ok).toBe(true)
}

let printed = ''
let ended: Promise<number | null> = Promise.resolve(null)
let author: Awaited<ReturnType<typeof signIn>>

/** Runs on beside the rest, as on the page; its code is typed for it. */
async function develop(command: string, cwd: string): Promise<void> {
  const [, ...args] = command.split(' ')
  const [program = '', ...rest] = args
  const node = path.resolve(import.meta.dirname, '../../node_modules/.bin/node')
  dev = spawn(node, [path.join(partner.dir, 'node_modules/.bin', program), ...rest], { cwd, stdio: 'pipe' })
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  ended = new Promise((resolve) => dev?.on('exit', resolve))
  const code = await until(async () => /type (\S+)/.exec(printed)?.[1])
  author = await signIn(product.url, 'system-admin', 'co')
  expect((await author.request('POST', '/api/dev/claims', { code })).status).toBe(204)
  await shows(25 + 5)
  const feed = await author.request<{ payload: string }>('GET', '/api/ui/feed')
  expect(JSON.parse(feed.body.payload)).toMatchObject({ plugins: [{ id: 'radio', dev: true }] })
}

/** Waits until the author's own session is answered by a build that knows this figure. */
async function shows(megabits: number): Promise<void> {
  await until(async () => {
    const { body } = await author.request('GET', '/api/plugins/radio/estimate?people=1&streams=1')
    return body['megabits'] === megabits || undefined
  })
}

async function end(): Promise<void> {
  dev?.kill('SIGINT')
  expect(await ended).toBe(0)
  expect((await author.request('GET', '/api/plugins/radio/estimate?people=1&streams=1')).status).toBe(404)
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (dev?.exitCode !== null && dev?.exitCode !== undefined) throw new Error(`dcesop dev ended:\n${printed}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
