import { createHash, randomUUID } from 'node:crypto'
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { dcesop } from '../../sdk-plugin/testing/command-line.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

jest.setTimeout(180_000)

const own = '/-/dcesop/v1'
let partner: Partner
let registry: RegistryProcess
const at = (file: string) => path.join(partner.dir, file)
const tgz = 'radio/dist/radio-0.1.0.tgz'

async function ok(command: string): Promise<string> {
  const { status, out } = await partner.sh(command)
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${out}`)
  return out
}

/** What is refused needs no process of its own, nor the packed SDK: a start costs more than the command. */
async function refused(...words: string[]): Promise<{ status: number; out: string }> {
  const { status, out, err } = await dcesop(...words)
  return { status, out: out + err }
}

async function send(token: string, where: string, body: object, method = 'POST'): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(registry.url + where, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`)
  return answer
}

beforeAll(async () => {
  ;[partner, registry] = await Promise.all([openPartner(), startRegistryProcess()])
  jest.spyOn(process, 'cwd').mockReturnValue(partner.dir)
  // Nothing of whoever runs the specs.
  process.env['HOME'] = partner.dir
  const token = await registry.token('acme')
  const { host } = new URL(registry.url)
  await writeFile(at('.npmrc'), `@acme:registry=${registry.url}/\n//${host}/:_authToken=${token}\n`)
  await ok('dcesop new radio --template backend --publisher acme')
})
afterAll(async () => {
  jest.restoreAllMocks()
  await registry?.dispose()
  await partner?.dispose()
})

describe('a publisher', () => {
  it('makes a key that only they can read, and never over another one', async () => {
    await ok('dcesop keygen')
    expect((await stat(at('publisher.pem'))).mode & 0o777).toBe(0o600)
    expect(await refused('keygen', at('publisher.pem'))).toMatchObject({
      status: 2,
      out: expect.stringContaining('exists already'),
    })
  })

  it('registers it, and an administrator verifies it', async () => {
    const admin = await registry.token('registry-admin', 'demo registry-admin only')
    await send(admin, '/-/org/acme/user', { user: 'acme', role: 'owner' }, 'PUT')
    const told = await ok('dcesop register-key publisher.pem --publisher acme')
    const keyid = /registered (\S+);/.exec(told)?.[1] ?? ''
    await send(admin, `${own}/publishers/acme/keys/${encodeURIComponent(keyid)}/verification`, {})
  })

  it('is not told that a key is registered by what is no registry', async () => {
    const page = createServer((_request, response) => response.end('{}'))
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(page.address() as AddressInfo).port}`
    await appendFile(at('.npmrc'), `//${host}/:_authToken=any\n`)
    try {
      const told = await refused(
        'register-key',
        at('publisher.pem'),
        '--publisher',
        'acme',
        '--registry',
        `http://${host}`,
      )
      expect(told).toMatchObject({ status: 2, out: expect.stringContaining('does not say that it registered') })
    } finally {
      page.close()
    }
  })

  it('is told what a publish lacks before anything is sent', async () => {
    expect(await refused('publish', 'radio')).toMatchObject({ status: 2, out: expect.stringContaining('--key') })
    const foreign = await refused('publish', 'radio', '--key', at('publisher.pem'), '--registry', 'http://127.0.0.1:9')
    expect(foreign).toMatchObject({ status: 2, out: expect.stringContaining('no token') })
    await dcesop('new', 'orphan', '--template', 'backend', '--publisher', 'nobody')
    const nowhere = await refused('publish', 'orphan', '--key', at('publisher.pem'))
    expect(nowhere).toMatchObject({ status: 2, out: expect.stringContaining('Name the registry') })
  })

  it('publishes what it signed', async () => {
    // With no home: npm itself reads no .npmrc of a folder above the plugin's.
    await ok('HOME=/nowhere npm_config_cache=$PWD/cache dcesop publish radio --key publisher.pem')
    const answer = await fetch(`${registry.url}${own}/plugins/radio/versions/0.1.0`)
    expect(answer.status).toBe(200)
    const again = await refused('publish', 'radio', '--key', at('publisher.pem'))
    expect(again).toMatchObject({ status: 2, out: expect.stringContaining('Raise "version"') })
    expect(again.out).toContain('@acme/dcesop-radio@0.1.0 is published already')
  })
})

describe('dcesop incidents', () => {
  it('shows what hosts reported, to the publisher alone', async () => {
    expect(await ok('dcesop incidents @acme/dcesop-radio')).toContain('no host reported anything')
    const br = await registry.token('registry-admin.br', 'demo registry-admin.br only')
    const instance = { regions: ['br'], dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0' }
    await send(br, `${own}/instances/br-1`, instance, 'PUT')
    const made = (await (await send(br, `${own}/instances/br-1/report-token`, {})).json()) as { token: string }
    const sha512 = createHash('sha512')
      .update(await readFile(at(tgz)))
      .digest('hex')
    const incident = { plugin: 'radio', version: '0.1.0', sha512, kind: 'process_ended', at: new Date().toISOString() }
    await send(made.token, `${own}/incidents`, { id: randomUUID(), ...incident })

    expect(await ok('cd radio && dcesop incidents')).toMatch(
      /0\.1\.0 +1 +\S+Z +quarantine: its process ended too often/,
    )
    const { latest } = JSON.parse(await ok('dcesop incidents @acme/dcesop-radio --json')) as { latest: object[] }
    expect(latest).toEqual([expect.objectContaining({ version: '0.1.0', kind: 'process_ended', at: incident.at })])
    const unknown = await refused('incidents', '@acme/dcesop-nothing')
    expect(unknown).toMatchObject({ status: 2, out: expect.stringContaining('There is no package') })
  })
})

describe('a version that should not have been published', () => {
  const shown = async () => (await fetch(`${registry.url}/@acme%2fdcesop-radio/0.1.0`)).status

  it('is yanked by the command that npm unpublish is answered with, and comes back', async () => {
    const refused = await partner.sh('npm unpublish @acme/dcesop-radio@0.1.0 --force')
    const [command = ''] = /dcesop yank .+? --reason "[^"]*"/.exec(refused.out) ?? []
    expect(await ok(command.replace('<version>', '0.1.0'))).toContain('@acme/dcesop-radio@0.1.0 is yanked (withdrawn)')
    expect(await shown()).toBe(404)
    expect(await ok('dcesop yank radio@0.1.0 --undo --reason "it is fine" --registry ' + registry.url)).toContain(
      'is offered again',
    )
    expect(await shown()).toBe(200)
  })

  it.each([
    ['radio', 'Name the version'],
    ['@acme/dcesop-radio', 'Name the version'],
    ['@acme/dcesop-radio@^0.1.0', 'Name the version'],
    ['@acme/dcesop-radio@0.1.0', '--class withdrawn'],
    ['@acme/dcesop-radio@0.1.0 --class bad --reason x', '--class withdrawn'],
    ['@acme/dcesop-radio@0.1.0 --class defect', '--reason TEXT'],
    ['@acme/dcesop-radio@0.1.0 --undo --class defect --reason x', '--undo'],
    ['@acme/dcesop-radio@0.1.0 --class security --reason x', 'The registry refused (403)'],
    ['@acme/dcesop-radio@0.1.0 --class defect --reason x --deadline 2020-01-01T00:00:00Z', 'is over'],
    ['@acme/dcesop-radio@0.1.0 --undo --reason x', 'not yanked'],
  ])('%s is told what is missing', async (words, sentence) => {
    expect(await refused('yank', ...words.split(' '))).toMatchObject({
      status: 2,
      out: expect.stringContaining(sentence),
    })
  })
})

describe('dcesop verify', () => {
  it('says of a tarball what it could check', async () => {
    const bare = await ok(`dcesop verify ${tgz}`)
    expect(bare).toMatch(/verified .*radio 0\.1\.0/)
    expect(bare).toMatch(/not verified .*signed by SHA256:\S+; give --keys/)
    const pinned = await ok(`dcesop verify ${tgz} --keys publisher.pub.pem`)
    expect(pinned).toMatch(/ verified +publisher: signed by SHA256/)
    expect(pinned).toMatch(/not verified +registry/)
  })

  it('fails for another publisher and for changed bytes', async () => {
    await dcesop('keygen', at('other.pem'))
    await writeFile(
      at('pinned.json'),
      JSON.stringify({ publishers: { acme: await readFile(at('other.pub.pem'), 'utf8') } }),
    )
    const other = await refused('verify', at(tgz), '--keys', at('pinned.json'))
    expect(other).toMatchObject({ status: 1, out: expect.stringMatching(/FAILED +publisher/) })
    await ok(
      `mkdir x && tar -xzf ${tgz} -C x && echo >> x/package/dist/server.cjs && tar -czf changed.tgz -C x package`,
    )
    const changed = await refused('verify', at('changed.tgz'))
    expect(changed).toMatchObject({ status: 1, out: expect.stringContaining('package-changed-file') })
  })

  it('checks against the registry with its root key', async () => {
    const root = path.join(registry.dir, 'keys/root.pub.pem')
    const online = await ok(`dcesop verify ${tgz} --keys ${root} --registry ${registry.url}`)
    expect(online).toMatch(/ verified +registry: @acme\/dcesop-radio@0\.1\.0 is signed by SHA256/)
    expect(online).toMatch(/ verified +publisher: signed by/)
    const wrong = await refused('verify', at(tgz), '--keys', at('other.pub.pem'), '--registry', registry.url)
    expect(wrong).toMatchObject({ status: 1, out: expect.stringContaining('not signed by the pinned root') })
  })

  it('checks a bundle without the registry', async () => {
    // It runs in a process of its own, as a new plugin does: one reviewer is enough.
    const reviewer = await registry.token('reviewer.br', 'demo reviewer.br only')
    await send(reviewer, `${own}/plugins/radio/versions/0.1.0/decisions`, { region: 'br', decision: 'approve' })
    const token = await registry.token('acme')
    const answer = await send(token, `${own}/bundle`, { plugins: [{ plugin: 'radio', version: '0.1.0' }] })
    await writeFile(at('radio.bundle'), Buffer.from(await answer.arrayBuffer()))
    await writeFile(at('root.pem'), await readFile(path.join(registry.dir, 'keys/root.pub.pem')))
    await registry.stop()
    const told = await ok('dcesop verify radio.bundle --keys root.pem')
    expect(told).toMatch(/ verified +snapshot: number/)
    expect(told).toMatch(/ verified +@acme\/dcesop-radio@0\.1\.0: .*approved for br/)
    expect(told).toMatch(/ verified +publisher: signed by SHA256/)
    expect(await refused('verify', at('radio.bundle'), '--keys', at('other.pub.pem'))).toMatchObject({ status: 1 })
    expect(await refused('verify', at('radio.bundle'))).toMatchObject({ status: 2 })
  })
})
