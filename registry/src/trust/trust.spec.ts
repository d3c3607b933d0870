import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  checkPackageSignature,
  type Envelope,
  keyIdOf,
  newPublisherKey,
  openKeyList,
  openLogHead,
  openSnapshot,
  readPrivateKey,
  signEnvelope,
  type TrustedKeys,
  verifyConsistency,
  verifyInclusion,
  verifyLog,
} from '@dcesop/sdk-plugin/signing'
import { packFiles, readTarball, signaturePath, writeTarball } from '@dcesop/sdk-plugin/package'
import { MongoClient } from 'mongodb'
import type { Json } from '@dcesop/sdk-plugin/host'
import { pluginFiles, pluginTarball } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
let admin: string
let root: KeyObject
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  admin = await registry.token('registry-admin', 'demo registry-admin only')
  root = createPublicKey(await readFile(join(registry.directory, 'keys/root.pub.pem'), 'utf8'))
})
afterAll(() => registry.stop())

const get = async <T = Json>(path: string, token?: string) =>
  (await registry.send('GET', path, token === undefined ? {} : { token })).body as T
const own = '/-/dcesop/v1'
const trusted = async (): Promise<TrustedKeys> =>
  openKeyList((await get(`${own}/keys`)) as unknown as Envelope, new Map([[keyIdOf(root), root]]), { now: new Date() })
const snapshot = async (seen = 0) =>
  openSnapshot((await get(`${own}/snapshot`)) as unknown as Envelope, await trusted(), { now: new Date(), seen })
const versionOf = async (path: string, version = '1.0.0') => {
  const { versions, time } = (await get(path)) as { versions: Record<string, Json>; time: Record<string, string> }
  const dist = versions[version]?.['dist'] as { integrity: string; signatures: { keyid: string; sig: string }[] }
  return { ...dist, publishedAt: new Date(time[version] as string) }
}
const publishLibrary = async (name: string) => {
  const answer = await registry.publish(ana, { name })
  expect(answer.status).toBe(201)
}
const wholeLog = async () => {
  const { entries } = await get<{ entries: string[] }>(`${own}/log?limit=1000`, ana)
  return entries
}
const signedHead = async () => openLogHead((await get(`${own}/log/head`)) as unknown as Envelope, await trusted())

describe('the keys', () => {
  it('are made at the first start, readable by the registry alone', async () => {
    const list = (await trusted()).list
    expect(list.keys.map(({ role }) => role)).toEqual(['package', 'attestation', 'snapshot', 'log'])
    expect((await stat(join(registry.directory, 'keys/root.pem'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(registry.directory, 'keys'))).mode & 0o777).toBe(0o700)
  })

  it('sign what is published, in the form that npm asks for', async () => {
    await publishLibrary('@ana/signed')
    const { integrity, signatures, publishedAt } = await versionOf('/@ana%2fsigned')
    const subject = { name: '@ana/signed', version: '1.0.0', integrity }
    checkPackageSignature(subject, signatures, await trusted(), publishedAt)
    const { keys } = await get<{ keys: Json[] }>('/-/npm/v1/keys')
    expect(keys).toEqual([
      expect.objectContaining({ keyid: signatures[0]?.keyid, keytype: 'ecdsa-sha2-nistp256', expires: null }),
    ])
  })

  it('can be replaced: the old signatures stay good, new ones are by the new key', async () => {
    await publishLibrary('@ana/before')
    const send = (token: string) => registry.send('POST', `${own}/keys/rotations`, { token, body: { role: 'package' } })
    expect((await send(ana)).status).toBe(403)
    const rotated = await send(admin)
    expect(rotated.status).toBe(201)
    await publishLibrary('@ana/after')
    const [before, after] = [await versionOf('/@ana%2fbefore'), await versionOf('/@ana%2fafter')]
    expect(after.signatures.map(({ keyid }) => keyid)).toEqual([rotated.body['keyid']])
    expect(before.signatures[0]?.keyid).not.toBe(rotated.body['keyid'])
    const keys = await trusted()
    for (const [name, version] of [
      ['@ana/before', before],
      ['@ana/after', after],
    ] as const)
      checkPackageSignature(
        { name, version: '1.0.0', integrity: version.integrity },
        version.signatures,
        keys,
        version.publishedAt,
      )
  })

  it('are changed by the root that is pinned, and by no other key in its place', async () => {
    const [file, list] = ['root.pem', 'keys.json'].map((name) => join(registry.directory, 'keys', name)) as [
      string,
      string,
    ]
    const [pinned, before] = await Promise.all([readFile(file), readFile(list, 'utf8')])
    for (const [key, detail] of [
      [newPublisherKey().privateKey, 'not that of root.pub.pem'],
      ['nonsense', 'no private key'],
    ] as const) {
      await writeFile(file, key)
      const refused = await registry.send('POST', `${own}/keys/rotations`, { token: admin, body: { role: 'package' } })
      expect([refused.status, refused.body['code']]).toEqual([409, 'root_key_away'])
      expect(refused.body['detail']).toContain(detail)
    }
    await writeFile(file, pinned)
    expect(await readFile(list, 'utf8')).toBe(before)
  })

  it('can be revoked: what they signed is signed anew, if it is what the log says', async () => {
    await publishLibrary('@ana/kept')
    await publishLibrary('@ana/forged')
    const client = await MongoClient.connect(registry.mongodbUri)
    const versions = client.db(registry.database).collection<{ _id: string }>('versions')
    await versions.updateOne({ _id: '@ana/forged@1.0.0' }, { $set: { 'dist.integrity': 'sha512-forged' } })
    const { keyid } = (await versionOf('/@ana%2fkept')).signatures[0] as { keyid: string }
    const body = { keyid, reason: 'stolen in a spec' }
    const revoked = await registry.send('POST', `${own}/keys/revocations`, { token: admin, body })
    expect(revoked.status).toBe(201)
    const kept = await versionOf('/@ana%2fkept')
    const subject = { name: '@ana/kept', version: '1.0.0', integrity: kept.integrity }
    expect(kept.signatures[0]?.keyid).not.toBe(keyid)
    checkPackageSignature(subject, kept.signatures, await trusted(), kept.publishedAt)
    const forged = await versions.findOne({ _id: '@ana/forged@1.0.0' })
    await client.close()
    expect(forged).toMatchObject({ dist: { signatures: [] } })
    expect(await get('/@ana%2fforged')).toMatchObject({ versions: {} })
    expect((await get<{ keys: Json[] }>('/-/npm/v1/keys')).keys.map((key) => key['keyid'])).not.toContain(keyid)
  })
})

describe('the snapshot', () => {
  it('knows a version as soon as it is published, and never counts back', async () => {
    const before = await snapshot()
    await publishLibrary('@ana/new')
    const after = await snapshot(before.number)
    expect(after.number).toBeGreaterThan(before.number)
    expect(after.packages['@ana/new']).toEqual({
      versions: { '1.0.0': { integrity: expect.stringMatching(/^sha512-/), state: 'listed', channel: 'stable' } },
      channels: { next: '1.0.0', stable: '1.0.0' },
    })
    expect(Date.parse(after.expires) - Date.parse(after.issuedAt)).toBe(60 * 60_000)
    expect((await snapshot()).number).toBe(after.number)
  })

  it('is answered with 304 while it is the same', async () => {
    const { headers } = await registry.send('GET', `${own}/snapshot`)
    const again = await registry.send('GET', `${own}/snapshot`, {
      headers: { 'if-none-match': headers.get('etag') as string },
    })
    expect(again.status).toBe(304)
  })
})

describe('the log', () => {
  it('holds what was published, and proves it', async () => {
    await publishLibrary('@ana/logged')
    const entries = await wholeLog()
    const head = await signedHead()
    expect(await verifyLog(entries, [head])).toEqual({ size: head.size, root: head.root })
    const seq = entries.findIndex((text) => text.includes('@ana/logged@1.0.0'))
    const proven = await get<{ leaf: string; size: number; proof: string[] }>(`${own}/log/entries/${seq}/proof`)
    const bytes = (hex: string) => Buffer.from(hex, 'hex')
    const claim = { index: seq, size: proven.size, leaf: bytes(proven.leaf), proof: proven.proof.map(bytes) }
    expect(verifyInclusion({ ...claim, root: bytes(head.root) })).toBe(true)

    await publishLibrary('@ana/logged-later')
    const later = await signedHead()
    const { proof } = await get<{ proof: string[] }>(`${own}/log/consistency?from=${head.size}`)
    const [smallerRoot, largerRoot] = [bytes(head.root), bytes(later.root)]
    const grown = { smaller: head.size, larger: later.size, smallerRoot, largerRoot, proof: proof.map(bytes) }
    expect(verifyConsistency(grown)).toBe(true)
  })

  it('is whole after many published at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => publishLibrary(`@ana/parallel-${'abcdefgh'[index]}`)))
    const head = await signedHead()
    await expect(verifyLog(await wholeLog(), [head])).resolves.toMatchObject({ size: head.size })
  })

  it('can be checked by whoever doubts it, without an account', async () => {
    for (const path of ['/log?limit=1000', '/log/history?limit=10'])
      expect(await registry.send('GET', own + path)).toMatchObject({
        status: 200,
        body: { entries: expect.any(Array) as object },
      })
  })

  it.each(['?from=-1', '?limit=0', '?limit=1001', '?from=x', '?other=1'])('refuses %s', async (query) => {
    expect((await registry.send('GET', `${own}/log${query}`, { token: ana })).status).toBe(400)
  })

  it.each(['999999', 'x', '-1', '1e3'])('has no proof for entry %s', async (seq) => {
    expect((await registry.send('GET', `${own}/log/entries/${seq}/proof`)).status).toBe(404)
  })
})

describe('the key of a publisher', () => {
  const publisher = newPublisherKey()
  const name = '@ana/dcesop-keyed'
  const path = `${own}/publishers/ana/keys`
  const proof = (keys: { privateKey: string }[], keyId: string, change: Json = {}) => {
    const claim = { publisher: 'ana', account: 'ana', keyid: keyId, at: new Date().toISOString(), ...change }
    const signers = keys.map(({ privateKey }) => readPrivateKey(privateKey))
    return signEnvelope('application/vnd.dcesop.key-proof+json', Buffer.from(JSON.stringify(claim)), signers)
  }
  const register = (key: typeof publisher, envelope: Envelope, token = ana) =>
    registry.send('POST', path, { token, body: { publicKey: key.publicKey, proof: envelope } })
  const publish = async (version: string, key = publisher) => {
    const files = pluginFiles(name, version)
    const tarball = await packFiles(files, [readPrivateKey(key.privateKey)])
    return registry.publish(ana, { name, version, tarball })
  }
  const findingsOf = async (version: string) => {
    const { body } = await registry.send('GET', `${own}/log/history?package=${encodeURIComponent(name)}`, {
      token: ana,
    })
    const entry = (body['entries'] as { subject: string; kind: string; body: Json }[]).find(
      ({ subject, kind }) => subject === `${name}@${version}` && kind === 'version.published',
    )
    return (entry?.body['checks'] as { check: string; state: string }[]).filter(({ state }) => state !== 'passed')
  }

  it('is registered by who holds it, for this publisher and account, now', async () => {
    const refused = [
      proof([newPublisherKey()], publisher.keyId),
      proof([publisher], publisher.keyId, { publisher: 'eve' }),
      proof([publisher], publisher.keyId, { account: 'eve' }),
      proof([publisher], publisher.keyId, { at: '2020-01-01T00:00:00Z' }),
      proof([publisher], newPublisherKey().keyId),
    ]
    for (const envelope of refused) {
      const answer = await register(publisher, envelope)
      expect([answer.status, answer.body['code']]).toEqual([400, 'key_proof_invalid'])
    }
    const eve = await registry.token('eve')
    expect((await register(publisher, proof([publisher], publisher.keyId), eve)).status).toBe(403)
    const answer = await register(publisher, proof([publisher], publisher.keyId))
    expect([answer.status, answer.body['state']]).toEqual([201, 'pending'])
    expect((await register(publisher, proof([publisher], publisher.keyId))).status).toBe(409)
  })

  it('counts once an administrator has verified it; until then, and without, the demo only reports', async () => {
    const plain = await registry.publish(ana, { name, version: '0.1.0', tarball: await pluginTarball(name, '0.1.0') })
    expect(plain.status).toBe(201)
    expect(await findingsOf('0.1.0')).toEqual([{ check: 'signed-by-publisher', state: 'failed' }])
    expect((await publish('0.2.0')).status).toBe(201)
    expect(await findingsOf('0.2.0')).toEqual([{ check: 'signed-by-publisher', state: 'failed' }])
    const verification = `${path}/${encodeURIComponent(publisher.keyId)}/verification`
    expect((await registry.send('POST', verification, { token: ana, body: {} })).status).toBe(403)
    expect((await registry.send('POST', verification, { token: admin, body: {} })).status).toBe(204)
    expect((await publish('1.0.0')).status).toBe(201)
    expect(await findingsOf('1.0.0')).toEqual([])
    expect((await snapshot()).publishers['ana']?.map(({ keyid }) => keyid)).toEqual([publisher.keyId])
  })

  it('refuses a signature that claims it and does not fit', async () => {
    const files = pluginFiles(name, '1.0.1')
    const mallory = newPublisherKey()
    const forged = await readTarball(await packFiles(files, [readPrivateKey(mallory.privateKey)]))
    const text = (forged.get(signaturePath) as Buffer).toString().replace(mallory.keyId, publisher.keyId)
    forged.set(signaturePath, Buffer.from(text))
    const tarball = await writeTarball(forged)
    const answer = await registry.publish(ana, { name, version: '1.0.1', tarball })
    expect(answer.status).toBe(422)
    expect((answer.body['errors'] as Json[]).map(({ code }) => code)).toContain('publisher-signature-wrong')
  })

  it('is replaced by one that it vouches for, with an overlap, and revoked with all that it signed flagged', async () => {
    const next = newPublisherKey()
    const rotated = await register(next, proof([next, publisher], next.keyId))
    expect([rotated.status, rotated.body['state']]).toEqual([201, 'active'])
    expect((await publish('1.1.0')).status).toBe(201)
    expect((await publish('1.2.0', next)).status).toBe(201)
    const revocation = `${path}/${encodeURIComponent(publisher.keyId)}/revocation`
    const revoked = await registry.send('POST', revocation, { token: ana, body: { reason: 'laptop stolen' } })
    expect(revoked.body['versions']).toEqual([`${name}@1.0.0`, `${name}@1.1.0`])
    const versions = (await snapshot()).packages[name]?.versions
    expect(versions?.['1.1.0']?.flags).toEqual(['publisher-key-revoked'])
    expect(versions?.['1.2.0']?.flags).toBeUndefined()
    const again = await publish('1.3.0')
    expect(again.status).toBe(422)
    expect((again.body['errors'] as Json[]).map(({ code }) => code)).toContain('publisher-signature-wrong')
  })
})

describe('a plugin id', () => {
  it('belongs to the package that had it first', async () => {
    const eve = await registry.token('eve')
    const name = '@eve/dcesop-keyed'
    const answer = await registry.publish(eve, { name, tarball: await pluginTarball(name, '9.0.0'), version: '9.0.0' })
    expect([answer.status, answer.body['code']]).toEqual([409, 'plugin_id_taken'])
    expect((await registry.send('GET', '/@eve%2fdcesop-keyed')).status).toBe(404)
  })
})
