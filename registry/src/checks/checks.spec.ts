import type { Log, Problem } from '@dcesop/sdk-plugin'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckConfig } from '../config/config.ts'
import { libraryTarball, tarballOf } from '../testing/packages.ts'
import { checkIds } from './check-ids.ts'
import type { Check, Submission } from './check.ts'
import { ContentChecks } from './content/content-checks.ts'
import { CheckPipeline, type Passed } from './pipeline.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Log
const submission = { name: '@ana/x', scope: 'ana', base: 'x', version: '1.0.0', user: 'ana', isAdmin: false }
const config = (changes: Record<string, Partial<CheckConfig>> = {}): Record<string, CheckConfig> =>
  Object.fromEntries(checkIds.map((id) => [id, { enabled: true, enforced: true, timeLimitMs: 10_000, ...changes[id] }]))

// Each worker reads the checks anew.
jest.setTimeout(60_000)

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'dcesop-checks-'))))
afterAll(() => rm(folder, { recursive: true }))

async function run(tarball: Buffer, settings: Record<string, CheckConfig>, check?: Check<Submission>): Promise<Passed> {
  const path = join(folder, 'x.tgz')
  await writeFile(path, tarball)
  const contents = new ContentChecks(settings, ['MIT', 'Apache-2.0'], silent)
  try {
    return await new CheckPipeline(contents, { before: check ? [check] : [], after: [] }, settings, silent).run(
      path,
      submission,
    )
  } finally {
    await contents.close()
  }
}

const refusal = (running: Promise<Passed>) =>
  running.then(
    () => ['passed'],
    (problem: Problem) => problem.options.errors?.map(({ code }) => code),
  )

describe('the pipeline', () => {
  const named: Check<Submission> = {
    id: 'reserved-name',
    run: () => [{ rule: 'name-reserved', evidence: 'e', fix: 'f' }],
  }
  const scripted = () => libraryTarball({ name: '@ana/x', packageJson: { scripts: { install: 'x' } } })
  const plain = () => libraryTarball({ name: '@ana/x' })
  let heavy: Buffer
  beforeAll(async () => {
    heavy = await tarballOf([[{ name: 'package/zeros' }, Buffer.alloc(60 * 1024 * 1024)]])
  })

  it('refuses by enforced checks, only reports by the others, and leaves out what is off', async () => {
    expect(await refusal(run(await scripted(), config(), named))).toEqual(['install-script', 'name-reserved'])
    const soft = config({ 'install-scripts': { enforced: false }, 'reserved-name': { enabled: false } })
    const { results } = await run(await scripted(), soft, named)
    expect(results.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'package passed',
      'identity passed',
      'kind passed',
      'install-scripts failed',
      'malware passed',
      'secrets passed',
      'sbom passed',
      'licence passed',
    ])
  })

  it('keeps no more of what is found than somebody reads', async () => {
    const long = Array.from({ length: 500 }, () => 'l'.repeat(10_000))
    const chatty: Check<Submission> = {
      id: 'similar-name',
      run: () =>
        Array.from({ length: 5000 }, () => ({
          ...{ rule: 'r', evidence: 'e'.repeat(10_000), fix: 'f', code: 'r.x' },
          params: { text: 't'.repeat(10_000), list: long, count: 7 },
        })),
    }
    const soft = config({ 'similar-name': { enforced: false } })
    const { results } = await run(await plain(), soft, chatty)
    const findings = results.find(({ check }) => check === 'similar-name')?.findings ?? []
    expect([findings.length, findings[0]?.evidence.length]).toEqual([100, 2000])
    const { text, list, count } = findings[0]?.params as { text: string; list: string[]; count: number }
    expect([text.length, list.length, list[0]?.length, count]).toEqual([2000, 50, 2000, 7])
  })

  it('tells each finding by a code as well, for screens in other languages', async () => {
    const soft = config({ 'install-scripts': { enforced: false } })
    const { results } = await run(await scripted(), soft)
    const code = 'install-script.script'
    expect(results.find(({ check }) => check === 'install-scripts')?.findings).toEqual([
      expect.objectContaining({ rule: 'install-script', code, params: { name: 'install' } }),
    ])
    const refused = await run(await scripted(), config()).catch((problem: Problem) => problem.options.errors)
    expect(refused).toEqual([expect.objectContaining({ code: 'install-script', finding: code })])
  })

  it('takes a check that hangs or breaks for failed, unless it is not enforced', async () => {
    const hangs: Check<Submission> = { id: 'similar-name', run: () => new Promise<never>(() => undefined) }
    const breaks: Check<Submission> = { id: 'similar-name', run: () => Promise.reject(new Error('boom')) }
    const quick = config({ 'similar-name': { timeLimitMs: 100 } })
    expect(await refusal(run(await plain(), quick, hangs))).toEqual(['check-timed-out'])
    expect(await refusal(run(await plain(), quick, breaks))).toEqual(['check-broken'])
    expect(await refusal(run(await plain(), config({ 'similar-name': { enforced: false } }), breaks))).toEqual([
      'passed',
    ])
  })

  it('asks to come again only where nothing but the registry itself is in the way', async () => {
    const breaks: Check<Submission> = { id: 'similar-name', run: () => Promise.reject(new Error('boom')) }
    await expect(run(await plain(), config(), breaks)).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      options: { retryAfter: 5 },
    })
    await expect(run(await scripted(), config(), breaks)).rejects.toMatchObject({
      status: 422,
      code: 'package_refused',
    })
    await expect(run(heavy, config({ package: { timeLimitMs: 1 } }))).rejects.toMatchObject({ status: 422 })
  })

  it('ends a worker whose check goes on too long', async () => {
    expect(await refusal(run(heavy, config({ package: { timeLimitMs: 1 } })))).toEqual(['check-timed-out'])
  })

  it('cannot be told to serve what cannot be unpacked', async () => {
    const off = config({ package: { enabled: false, enforced: false } })
    expect(await refusal(run(Buffer.from('nothing'), off))).toEqual(['package-unreadable'])
  })
})

describe('checks of contents', () => {
  const withFile = (content: string | Buffer) => libraryTarball({ name: '@ana/x', files: { 'lib/file.txt': content } })
  // Put together here, so that nobody takes this file for what it is about.
  const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-${'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`

  it.each([
    ['the signature of virus scanners', eicar, 'malware-found'],
    ['a Linux program', Buffer.from(`\x7fELF\x02\x01${'\0'.repeat(100)}`, 'latin1'), 'malware-found'],
    ['a token', `const token = "${['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_')}"`, 'secret-found'],
    ['a private key', newKey(), 'secret-found'],
  ])('refuse a file with %s', async (_what, content, rule) => {
    const refused = await run(await withFile(content), config()).catch((problem: Problem) => problem.options.errors)
    expect(refused).toEqual([expect.objectContaining({ code: rule })])
    expect(JSON.stringify(refused)).toContain('lib/file.txt')
    expect(JSON.stringify(refused)).not.toContain('wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx')
  })

  it('leave ordinary text and binary data alone', async () => {
    for (const content of ['MZ is a text', Buffer.from([0, 1, 2, 3])])
      expect(await refusal(run(await withFile(content), config()))).toEqual(['passed'])
  })
})

function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}
