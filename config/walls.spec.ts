import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const target = 'export const one = 1\n'

/** A breach each: the rule that must see it, the file that imports, what it imports. */
const breaches: [rule: string, from: string, to: string][] = [
  ['core-knows-no-plugin', 'core/src/a.ts', 'plugins/p/server/a.ts'],
  ['plugin-imports-only-the-sdk', 'plugins/p/server/b.ts', 'core/src/target.ts'],
  ['plugin-imports-only-the-sdk', 'plugins/p/server/c.ts', 'plugins/q/server/target.ts'],
  ['plugin-specs-may-start-a-database', 'plugins/p/server/d.spec.ts', 'plugins/q/server/target.ts'],
  ['plugin-specs-may-start-a-database', 'plugins/p/server/testing/d.ts', 'core/src/target.ts'],
  ['plugin-uses-the-sdk-by-its-doors', 'plugins/p/server/e.ts', 'sdk-plugin/src/host/index.ts'],
  ['sdk-stands-alone', 'sdk-plugin/src/backend/f.ts', 'core/src/target.ts'],
  ['sdk-stands-alone', 'sdk-plugin/src/testing/f.ts', 'core/embedded-db/src/target.ts'],
  ['embedded-db-stands-alone', 'core/embedded-db/src/g.ts', 'core/src/target.ts'],
  ['core-uses-the-engine-over-the-wire', 'core/src/h.ts', 'core/embedded-db/src/target.ts'],
  ['shell-imports-only-the-sdk', 'shell/src/i.ts', 'core/src/target.ts'],
  ['registry-imports-only-the-sdk', 'registry/src/j.ts', 'core/src/target.ts'],
  ['hosts-use-the-sdk-by-its-doors', 'core/src/k.ts', 'sdk-plugin/src/host/inner.ts'],
  ['plugin-ui-and-server-meet-over-http', 'plugins/p/ui/l.ts', 'plugins/p/server/a.ts'],
  ['plugin-server-knows-no-ui', 'plugins/p/server/m.ts', 'plugins/p/ui/target.ts'],
  ['sdk-for-browsers-knows-no-server', 'sdk-plugin/src/contracts/n.ts', 'sdk-plugin/src/host/index.ts'],
  ['only-tests-import-test-code', 'core/src/o.ts', 'core/src/testing/target.ts'],
  ['only-tests-import-test-code', 'plugins/p/server/p.ts', 'sdk-plugin/src/testing/index.ts'],
  ['plugin-uses-the-sdk-by-its-doors', 'plugins/p/server/s.ts', 'sdk-plugin/src/internal/any/index.ts'],
  ['packed-sdk-knows-nothing-internal', 'sdk-plugin/src/host/s.ts', 'sdk-plugin/src/internal/any/index.ts'],
  ['nothing-imports-a-spec', 'core/src/q.ts', 'core/src/target.spec.ts'],
]

/** What the walls let through. */
const allowed: [from: string, to: string][] = [
  ['core/src/r.ts', 'sdk-plugin/src/host/index.ts'],
  ['core/src/s.ts', 'sdk-plugin/src/internal/any/index.ts'],
  ['core/src/r.spec.ts', 'core/embedded-db/src/target.ts'],
  ['plugins/p/server/r.ts', 'sdk-plugin/src/backend/index.ts'],
  ['plugins/p/server/r.spec.ts', 'core/embedded-db/src/target.ts'],
  ['plugins/p/server/testing/r.ts', 'sdk-plugin/src/testing/index.ts'],
  ['shell/src/r.ts', 'sdk-plugin/src/ui/index.ts'],
  ['registry/src/r.ts', 'sdk-plugin/src/manifest/index.ts'],
]

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
}

let folder: string

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
  await writeFile(path.join(folder, file), text)
}

/** What dependency-cruiser says about the folder: it ends with a failure when it finds something, so the report counts. */
function cruise(): Promise<Violation[]> {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const folders = ['core', 'plugins', 'registry', 'shell', 'sdk-plugin']
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (_failure, stdout, stderr) => {
      if (stdout === '') return reject(new Error(stderr))
      resolve((JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations)
    })
  })
}

describe('the walls', () => {
  let violations: Violation[]

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'walls-'))
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    await symlink(path.join(root, '.dependency-cruiser.cjs'), path.join(folder, '.dependency-cruiser.cjs'))
    await put('tsconfig.base.json', '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler" } }')
    const imports = [...breaches.map(([, from, to]) => [from, to] as const), ...allowed]
    for (const [, to] of imports) await put(to, target)
    for (const [from, to] of imports)
      await put(from, `import { one } from './${path.relative(path.dirname(from), to)}'\nconsole.log(one)\n`)
    await put('core/src/unknown.ts', `import './nothing.ts'\n`)
    await put('core/src/circle-a.ts', `import { b } from './circle-b.ts'\nexport const a = () => b\n`)
    await put('core/src/circle-b.ts', `import { a } from './circle-a.ts'\nexport const b = () => a\n`)
    violations = await cruise()
  }, 120_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const rulesOf = (file: string) => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)

  it.each([
    ...breaches,
    ['no-unknown-import', 'core/src/unknown.ts', 'what is not there'],
    ['no-circular', 'core/src/circle-a.ts', 'what imports it'],
  ])('%s stops %s from importing %s', (rule, from) => {
    expect(rulesOf(from)).toContain(rule)
  })

  it.each(allowed)('let %s import %s', (from) => {
    expect(rulesOf(from)).toEqual([])
  })

  it('have each a breach here that they stop', async () => {
    // By a name that the compiler does not follow: it has no types.
    const file: string = '../.dependency-cruiser.cjs'
    const { default: walls } = (await import(file)) as {
      default: { forbidden: { name: string }[] }
    }
    const seen = new Set(violations.map(({ rule }) => rule.name))
    // That one is about a package and not about a folder of ours.
    const unseen = walls.forbidden.map(({ name }) => name).filter((name) => !seen.has(name))
    expect(unseen).toEqual(['plugin-never-imports-reka'])
  })
})
