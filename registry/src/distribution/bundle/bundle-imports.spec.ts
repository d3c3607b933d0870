import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  checkPackageSignature,
  type Envelope,
  newPublisherKey,
  openApproval,
  openKeyList,
  openSnapshot,
  readPrivateKey,
  readPublicKeys,
  signEnvelope,
} from '@dcesop/sdk-plugin/signing'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { MongoClient } from 'mongodb'
import tar from 'tar-stream'
import type { Json } from '@dcesop/sdk-plugin/host'
import { pluginFiles } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const own = '/-/dcesop/v1'
const name = '@ana/dcesop-radio'
const key = newPublisherKey()
/** Where it was published and approved, and a registry without a way to it that pins its root key. */
let source: TestRegistry
let island: TestRegistry
let admin: string

beforeAll(async () => {
  source = await startTestRegistry()
  const rootKeys = [join(source.directory, 'keys/root.pub.pem')]
  island = await startTestRegistry({ trust: { origins: { rootKeys, maxAgeDays: 30 } } })
  admin = await island.token('registry-admin', 'demo registry-admin only')
  const [ana, there] = [await source.token('ana'), await source.token('registry-admin', 'demo registry-admin only')]
  const claim = { publisher: 'ana', account: 'ana', keyid: key.keyId, at: new Date().toISOString() }
  const type = 'application/vnd.dcesop.key-proof+json'
  const proof = signEnvelope(type, Buffer.from(JSON.stringify(claim)), [readPrivateKey(key.privateKey)])
  const keys = `${own}/publishers/ana/keys`
  await publish(ana, '0.9.0')
  await sent(source, ana, keys, { publicKey: key.publicKey, proof })
  await sent(source, there, `${keys}/${encodeURIComponent(key.keyId)}/verification`, {})
  await publish(ana, '1.0.0')
  const reviewer = await source.token('reviewer.br', 'demo reviewer.br only')
  await sent(source, reviewer, `${own}/plugins/radio/versions/1.0.0/decisions`, { region: 'br', decision: 'approve' })
})
afterAll(() => Promise.all([source?.stop(), island?.stop()]))

async function sent({ send }: TestRegistry, token: string, path: string, body: Json): Promise<void> {
  const answer = await send('POST', path, { token, body })
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body))
}
async function publish(token: string, version: string): Promise<void> {
  const signers = version === '0.9.0' ? [] : [readPrivateKey(key.privateKey)]
  const tarball = await packFiles(pluginFiles(name, version), signers)
  const { status, body } = await source.publish(token, { name, version, tarball })
  if (status !== 201) throw new Error(JSON.stringify(body))
}
const bundle = (...versions: string[]) => bundleOf(versions.map((version) => ({ plugin: 'radio', version })))
async function bundleOf(plugins: Json[]): Promise<Buffer> {
  const token = await source.token('ana')
  const answer = await fetch(`${source.url}${own}/bundle`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ plugins }),
  })
  return Buffer.from(await answer.arrayBuffer())
}
async function bring(content: Buffer, token = admin): Promise<{ status: number; body: Json }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar' }
  const body = new Uint8Array(content)
  const answer = await fetch(`${island.url}${own}/imports`, { method: 'POST', headers, body })
  return { status: answer.status, body: (await answer.json()) as Json }
}
const page = async (at: TestRegistry, version = '1.0.0') =>
  (await at.send('GET', `${own}/plugins/radio/versions/${version}`)).body
/** What is stored shows in the log: packages, keys of publishers, decisions. */
const logSize = async () => ((await island.send('GET', `${own}/log`, { token: admin })).body as { size: number }).size
const replaced = (content: Buffer, from: string, to: string) =>
  Buffer.from(content.toString('latin1').replace(from, to), 'latin1')

describe('a bundle of another registry', () => {
  it('is refused with nothing stored when it was changed or cut, or has no proof that the log has it', async () => {
    const good = await bundle('1.0.0')
    const before = await logSize()
    const text = good.toString('latin1')
    const tarball = text.indexOf('\u001f\u008b\b')
    const flipped = Buffer.from(good)
    flipped[tarball + 100]! ^= 1
    const entry = /"entry":"(.{20})/.exec(text)?.[1] as string
    const proven = /"proof":\["([0-9a-f])/.exec(text) as RegExpExecArray
    const signer = /"signatures":\[\{"keyid":"SHA256:(.)/.exec(text) as RegExpExecArray
    const cases: [Buffer, string][] = [
      [flipped, 'other_subject'],
      [good.subarray(0, tarball + 100), 'malformed'],
      [good.subarray(0, 300), 'malformed'],
      [replaced(good, '"log":{', '"lag":{'), 'malformed'],
      [replaced(good, '"approvals":{', '"opprovals":{'), 'malformed'],
      [replaced(good, proven[0], `"proof":["${proven[1] === '0' ? '1' : '0'}`), 'log_altered'],
      [replaced(good, entry, entry.replace('{', ' ')), 'malformed'],
      [replaced(good, signer[0], `${signer[0].slice(0, -1)}${signer[1] === 'A' ? 'B' : 'A'}`), 'key_not_valid'],
    ]
    const faults = []
    for (const [content] of cases) {
      const { status, body } = await bring(content)
      faults.push([status, body['code'], body['fault']])
    }
    expect(faults).toEqual(cases.map(([, fault]) => [422, 'bundle_refused', fault]))
    expect(await logSize()).toBe(before)
    expect((await island.send('GET', `/${name.replace('/', '%2f')}`)).status).toBe(404)
  })

  it('is brought by administrators of all regions only, and from registries that are pinned', async () => {
    const regional = await island.token('registry-admin.br', 'demo registry-admin.br only')
    expect((await bring(await bundle('1.0.0'), regional)).status).toBe(403)
    const headers = { authorization: `Bearer ${await source.token('registry-admin', 'demo registry-admin only')}` }
    const answer = await fetch(`${source.url}${own}/imports`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-tar' },
      body: new Uint8Array(await bundle('1.0.0')),
    })
    expect([answer.status, ((await answer.json()) as Json)['fault']]).toEqual([422, 'wrong_signature'])
  })

  it('is taken over with what vouched for it, and vouched for again to those who pin this registry', async () => {
    const { status, body } = await bring(await bundle('1.0.0'))
    expect([status, body['left'], body['packages']]).toEqual([
      201,
      [],
      [{ package: name, version: '1.0.0', isNew: true, approvedIn: ['br'] }],
    ])
    const [there, here] = [await page(source), await page(island)]
    const provenance = here['provenance'] as { integrity: string; publishedAt: string; signatures: [] }
    expect(provenance.integrity).toBe((there['provenance'] as Json)['integrity'])
    expect((here['provenance'] as Json)['signers']).toEqual([key.keyId])
    const attested = (there['approvals'] as { attestation: Envelope }[])[0]?.attestation
    expect(here['origin']).toMatchObject({
      signatures: (there['provenance'] as Json)['signatures'],
      approvals: [{ region: 'br', attestation: attested }],
      log: { entry: expect.stringContaining('version.published'), proof: expect.any(Array) },
    })

    const roots = readPublicKeys([await readFile(join(island.directory, 'keys/root.pub.pem'), 'utf8')])
    const signed = async (what: string) => (await island.send('GET', `${own}/${what}`)).body as unknown as Envelope
    const keys = openKeyList(await signed('keys'), roots, { now: new Date() })
    const { packages } = openSnapshot(await signed('snapshot'), keys, { now: new Date() })
    const { integrity, publishedAt, signatures } = provenance
    checkPackageSignature({ name, version: '1.0.0', integrity }, signatures, keys, new Date(publishedAt))
    const approval = (here['approvals'] as { attestation: Envelope }[])[0]?.attestation as Envelope
    const sha512 = Buffer.from(integrity.slice(7), 'base64').toString('hex')
    const { approvers } = openApproval(approval, keys, { name: `${name}@1.0.0`, sha512, region: 'br' })
    expect(approvers.map(({ user }) => user)).toEqual(['reviewer.br'])
    const digest = createHash('sha256').update(Buffer.from(approval.payload, 'base64')).digest('hex')
    expect(packages[name]?.versions['1.0.0']).toMatchObject({ integrity, approvals: { br: digest } })
  })

  it('changes nothing when it comes again, and an older one is refused', async () => {
    const older = await bundle('1.0.0')
    const before = await logSize()
    const again = await bring(older)
    expect(again.body['packages']).toEqual([{ package: name, version: '1.0.0', isNew: false, approvedIn: [] }])
    expect(await logSize()).toBe(before)
    await publish(await source.token('ana'), '1.1.0')
    const newer = await bring(await bundle('0.9.0', '1.1.0'))
    expect((newer.body['packages'] as Json[]).map(({ version, isNew }) => [version, isNew])).toEqual([
      ['0.9.0', true],
      ['1.1.0', true],
    ])
    const { body } = await island.send('GET', `/${name.replace('/', '%2f')}`)
    expect(body['dist-tags']).toEqual({ latest: '1.1.0' })
    expect((await bring(older)).body).toMatchObject({ code: 'bundle_refused', fault: 'rolled_back' })
  })

  it('brings the yanks of what came before, and what was taken back of them', async () => {
    const there = await source.token('ana')
    const yankPath = (version: string) => `${own}/plugins/radio/versions/${version}/yank`
    const yank = { class: 'defect', reason: 'it leaks', deadline: null }
    const shown = async (version: string) => (await page(island, version))['yank']
    await sent(source, there, yankPath('1.0.0'), yank)
    const first = await bring(await bundle('1.1.0'))
    expect(first.body['yanks']).toEqual([{ package: name, version: '1.0.0', yank }])
    expect([await shown('1.0.0'), await shown('1.1.0')]).toEqual([yank, null])

    // What people decide here is theirs.
    await sent(island, admin, yankPath('0.9.0'), { class: 'withdrawn', reason: 'not here' })
    const size = await logSize()
    expect((await bring(await bundle('1.1.0'))).body['yanks']).toEqual([])
    expect(await logSize()).toBe(size)

    await source.send('DELETE', yankPath('1.0.0'), { token: there, body: { reason: 'it does not' } })
    const back = await bring(await bundle('1.0.0'))
    expect(back.body['yanks']).toEqual([{ package: name, version: '1.0.0', yank: null }])
    expect([await shown('1.0.0'), (await shown('0.9.0')) as Json]).toMatchObject([null, { class: 'withdrawn' }])
  })

  it('leaves a version out whose publisher is somebody else here', async () => {
    const [there, here] = [await source.token('bob'), await island.token('bob')]
    const tarball = await packFiles(pluginFiles('@bob/dcesop-alarm'))
    expect((await source.publish(there, { name: '@bob/dcesop-alarm', tarball })).status).toBe(201)
    expect((await island.publish(here, { name: '@bob/lib' })).status).toBe(201)
    const { body } = await bring(await bundleOf([{ plugin: 'alarm', version: '1.0.0' }]))
    expect([body['packages'], body['left']]).toMatchObject([
      [],
      [{ package: '@bob/dcesop-alarm', version: '1.0.0', code: 'scope_not_owned' }],
    ])
  })
})

it('shows no version without what is known of where it came from, also when the import is cut off there', async () => {
  await publish(await source.token('ana'), '2.0.0')
  const content = await bundle('2.0.0')
  const client = await new MongoClient(island.mongodbUri).connect()
  const refuse = (validator: object) =>
    client.db(island.database).command({ collMod: 'origins', validator, validationLevel: 'strict' })
  await refuse({ nobodyHasThis: { $exists: true } })
  expect((await bring(content)).status).toBe(500)
  expect((await page(island, '2.0.0'))['code']).toBe('package_not_found')
  await refuse({})
  expect((await bring(content)).body['packages']).toMatchObject([{ version: '2.0.0', isNew: true }])
  expect((await page(island, '2.0.0'))['origin']).toMatchObject({ log: { entry: expect.any(String) } })
  await client.close()
})

it('takes the same bundle twice at once as it takes it one time after the other', async () => {
  await publish(await source.token('ana'), '2.1.0')
  const content = await bundle('2.1.0')
  const answers = await Promise.all([bring(content), bring(content), bring(content)])
  expect(answers.map(({ status, body }) => [status, body['left']])).toEqual(answers.map(() => [201, []]))
  const isNew = answers.map(({ body }) => (body['packages'] as Json[])[0]?.['isNew'])
  expect(isNew.toSorted()).toEqual([false, false, true])
})

describe('while a bundle is imported', () => {
  const path = `/${name.replace('/', '%2f')}`
  const latest = async () => (await island.send('GET', path)).body['dist-tags'] as { latest: string }

  it('an older one that was sent meanwhile does not take its yanks back', async () => {
    const there = await source.token('ana')
    const older = await bundle('2.1.0')
    await publish(there, '2.2.0')
    const yank = { class: 'defect', reason: 'it leaks', deadline: null }
    await sent(source, there, `${own}/plugins/radio/versions/2.0.0/yank`, yank)
    const newer = await bundle('2.2.0')
    const [first] = await Promise.all([bring(newer), bring(older), bring(older)])
    expect(first.body['packages']).toMatchObject([{ version: '2.2.0', isNew: true }])
    expect((await page(island, '2.0.0'))['yank']).toEqual(yank)
    expect((await bring(older)).body).toMatchObject({ code: 'bundle_refused', fault: 'rolled_back' })
  })

  it('its plugin is read, published and yanked, and nothing of either is lost', async () => {
    const there = await source.token('ana')
    for (const version of ['3.0.0', '3.1.0', '3.2.0']) await publish(there, version)
    const content = await bundle('3.0.0', '3.1.0', '3.2.0')
    const here = async () =>
      island.publish(admin, { name, version: '4.0.0', tarball: await packFiles(pluginFiles(name, '4.0.0')) })
    const yanked = () =>
      island.send('POST', `${own}/plugins/radio/versions/2.1.0/yank`, {
        token: admin,
        body: { class: 'withdrawn', reason: 'not here' },
      })
    const reads = () => Promise.all(Array.from({ length: 20 }, async () => (await island.send('GET', path)).status))
    const [report, published, yank, statuses] = await Promise.all([bring(content), here(), yanked(), reads()])
    expect([report.status, report.body['left'], published.status, yank.status]).toEqual([201, [], 201, 201])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await latest()).toEqual({ latest: '4.0.0' })
    expect((await page(island, '2.1.0'))['yank']).toMatchObject({ class: 'withdrawn' })
    const { versions } = (await island.send('GET', path)).body as { versions: object }
    expect(Object.keys(versions)).toEqual(expect.arrayContaining(['3.0.0', '3.1.0', '3.2.0', '4.0.0']))
  })
})

it('has one bundle at a time in memory, however many wait', async () => {
  const mebibyte = 1024 * 1024
  const file = join(island.directory, 'large.tar')
  await writeLargeBundle(file, 8 * mebibyte)
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/x-tar' }
  // What sends it has none of it in memory.
  const send = async () => {
    const sent = request(`${island.url}${own}/imports`, { method: 'POST', headers, agent: false })
    createReadStream(file).pipe(sent)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return answer.resume().statusCode
  }
  const client = await new MongoClient(island.mongodbUri).connect()
  const session = client.startSession()
  session.startTransaction()
  // The first import cannot note its state before this ends.
  await client
    .db(island.database)
    .collection('origin_registries')
    .updateMany({}, { $inc: { held: 1 } }, { session })
  collectGarbage()
  const before = process.memoryUsage().arrayBuffers
  const sent = Array.from({ length: 6 }, send)
  const { size } = await stat(file)
  const arrived = async () => {
    const names = await readdir(join(island.directory, 'spool'))
    const sizes = await Promise.all(names.map((name) => stat(join(island.directory, 'spool', name))))
    return sizes.filter((one) => one.size === size).length
  }
  while ((await arrived()) < sent.length) await pause(20)
  // Time in which they would be read.
  await pause(300)
  collectGarbage()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * 8 * mebibyte)
  await session.abortTransaction()
  await client.close()
  expect(await Promise.all(sent)).toEqual(sent.map(() => 201))
  expect(await readdir(join(island.directory, 'spool'))).toEqual([])
})

/** One that brings what is there, and as many bytes that nobody wants. */
async function writeLargeBundle(file: string, bytes: number): Promise<void> {
  const filler = tar.pack()
  filler.entry({ name: `tarballs/${'0'.repeat(128)}.tgz` }, Buffer.alloc(bytes))
  filler.finalize()
  // Without the end of the archive.
  await writeFile(file, Buffer.concat([(await buffer(filler)).subarray(0, -1024), await bundle('1.0.0')]))
}

it('brings many plugins at once, and may announce as much as a bundle may have', async () => {
  const there = await source.token('ana')
  const ids = Array.from({ length: 8 }, (_, n) => `many${n}x`)
  for (const id of ids) {
    const plugin = `@ana/dcesop-${id}`
    const tarball = await packFiles(pluginFiles(plugin), [readPrivateKey(key.privateKey)])
    expect((await source.publish(there, { name: plugin, tarball })).status).toBe(201)
  }
  const content = await bundleOf(ids.map((plugin) => ({ plugin, version: '1.0.0' })))
  // More than any other body may have: the archive's end, which is zeros, repeated.
  const padded = Buffer.concat([content, Buffer.alloc(65 * 1024 * 1024)])
  const { status, body } = await bring(padded)
  expect([status, body['left']]).toEqual([201, []])
  expect((body['packages'] as Json[]).filter(({ isNew }) => isNew)).toHaveLength(ids.length)
})
