import { type Envelope, newPublisherKey, type Snapshot } from '@dcesop/sdk-plugin/signing'
import { createPublicKey } from 'node:crypto'
import { type Db, MongoClient } from 'mongodb'
import { Database } from '../../storage/database.ts'
import { pluginTarball } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'
import type { LogDocument } from '../trust-documents.ts'
import { LoggedState } from './logged-state.ts'
import { TransparencyLog } from './transparency-log.ts'

const own = '/-/dcesop/v1'
const name = '@ana/dcesop-radio'

let registry: TestRegistry
let client: MongoClient
let db: Db
let [ana, reviewer, admin] = ['', '', '']
beforeAll(async () => {
  registry = await startTestRegistry()
  client = await MongoClient.connect(registry.mongodbUri)
  db = client.db(registry.database)
  ana = await registry.token('ana')
  reviewer = await registry.token('reviewer.br', 'demo reviewer.br only')
  admin = await registry.token('registry-admin', 'demo registry-admin only')
})
afterAll(async () => {
  await client.close()
  await registry.stop()
})

async function publish(version: string): Promise<void> {
  const { status } = await registry.publish(ana, { name, version, tarball: await pluginTarball(name, version) })
  expect(status).toBe(201)
}

/** The state that the registry signs after a new version, for which it reads the others of the package again. */
async function signedAfter(version: string): Promise<Snapshot> {
  await publish(version)
  const { body } = await registry.send('GET', `${own}/snapshot`)
  return JSON.parse(Buffer.from((body as unknown as Envelope).payload, 'base64').toString('utf8')) as Snapshot
}

const statesOf = ({ packages }: Snapshot) =>
  Object.fromEntries(
    Object.entries(packages[name]?.versions ?? {}).map(([version, { state, approvals = {} }]) => [
      version,
      [state, ...Object.keys(approvals)].join(' '),
    ]),
  )

describe('what somebody wrote into the database beside the registry', () => {
  it('is not signed: neither that a yank went, nor that an approval or a key came', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(version)
    const decide = (version: string, decision: object) =>
      registry.send('POST', `${own}/plugins/radio/versions/${version}/decisions`, {
        token: reviewer,
        body: { region: 'br', ...decision },
      })
    await decide('1.1.0', { decision: 'approve' })
    const regions = (await db.collection('governance').findOne({ version: '1.1.0' }))?.['regions'] as object[]
    await decide('1.1.0', { decision: 'reject', rule: 'other', evidence: 'It fails.' })
    const yank = { class: 'security', reason: 'It leaks.' }
    await registry.send('POST', `${own}/plugins/radio/versions/1.0.0/yank`, { token: admin, body: yank })
    expect(statesOf(await signedAfter('1.3.0'))).toEqual({
      '1.0.0': 'yanked',
      '1.1.0': 'listed',
      '1.2.0': 'listed',
      '1.3.0': 'listed',
    })

    await db.collection('versions').updateOne({ version: '1.0.0' }, { $set: { yank: null } })
    // The approval that the region took back was signed once.
    await db.collection('governance').updateOne({ version: '1.1.0' }, { $set: { regions } })
    const { publicKey, keyId } = newPublisherKey()
    const spki = createPublicKey(publicKey).export({ type: 'spki', format: 'der' }).toString('base64')
    const key = { _id: keyId, publisher: 'ana', spki, state: 'active', from: new Date(), until: null }
    await db.collection<{ _id: string }>('publisher_keys').insertOne(key)
    const signed = await signedAfter('1.4.0')
    expect(statesOf(signed)).toEqual({ '1.2.0': 'listed', '1.3.0': 'listed', '1.4.0': 'listed' })
    expect(signed.publishers).toEqual({})
  })

  it('neither says why a version was yanked, nor makes room for other bytes of one that was there', async () => {
    await publish('1.5.0')
    const yank = { class: 'defect', reason: 'It stops.' }
    await registry.send('POST', `${own}/plugins/radio/versions/1.5.0/yank`, { token: ana, body: yank })
    await db.collection('versions').updateOne({ version: '1.5.0' }, { $set: { 'yank.reason': 'Its author steals.' } })
    expect(Object.keys(statesOf(await signedAfter('1.6.0')))).not.toContain('1.5.0')

    await db.collection('versions').deleteOne({ version: '1.5.0' })
    await db.collection('governance').deleteOne({ version: '1.5.0' })
    const tarball = await pluginTarball(name, '1.5.0', { engines: { dcesop: '^9.0.0', sdk: '^0.1.0' } })
    const { status, body } = await registry.publish(ana, { name, version: '1.5.0', tarball })
    expect([status, body['code']]).toEqual([409, 'version_exists'])
  })
})

describe('the log in the database', () => {
  const rows = () => db.collection<LogDocument>('log')

  it.each<[string, (entries: LogDocument[]) => Promise<unknown>]>([
    ['with another text', ([, , third]) => write({ ...third!, text: third!.text.replace('"ana"', '"eve"') })],
    ['with an entry that is found as another', ([, , third]) => write({ ...third!, subject: '@ana/other@1.0.0' })],
    ['with an entry that is found as of another kind', ([, , third]) => write({ ...third!, kind: 'note' })],
    ['without its last entries', (entries) => rows().deleteMany({ _id: { $gte: entries.length - 2 } })],
    ['without one in the midst', () => rows().deleteOne({ _id: 2 })],
    [
      'with two in each other’s place',
      async ([, second, third]) => {
        await write({ ...third!, _id: second!._id })
        await write({ ...second!, _id: third!._id })
      },
    ],
  ])('%s is noticed, and read again once it is mended', async (_what, change) => {
    const database = await Database.connect(registry.mongodbUri, registry.database)
    const log = new TransparencyLog(database)
    const state = new LoggedState(log)
    const head = await log.head()
    await state.upTo(head)
    const entries = await rows().find().sort({ _id: 1 }).toArray()
    await change(entries)
    await expect(state.again(head)).rejects.toMatchObject({ code: 'log_altered' })
    await expect(new LoggedState(log).upTo(head)).rejects.toMatchObject({ code: 'log_altered' })
    await rows().deleteMany({})
    await rows().insertMany(entries)
    await expect(state.upTo(head)).resolves.toBeUndefined()
    await database.close()
  })

  it('says what it said while it is read again: a state that is signed meanwhile lacks nothing', async () => {
    const database = await Database.connect(registry.mongodbUri, registry.database)
    const log = new TransparencyLog(database)
    const state = new LoggedState(log)
    const head = await log.head()
    await state.upTo(head)
    const before = state.changedSince(0)
    expect(before).toContain(name)
    const reading = state.again(head)
    // As far as it comes without an answer of the database.
    for (let step = 0; step < 100; step += 1) await Promise.resolve()
    expect(state.changedSince(0)).toEqual(before)
    await reading
    expect(state.changedSince(0)).toEqual(before)
    await database.close()
  })

  const write = (row: LogDocument) => rows().replaceOne({ _id: row._id }, row)
})
