import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BSON, Binary, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb'
import type { Db, Document, MongoClient } from 'mongodb'
import { temporaryFolders, withDatabase } from '../testing/folders.ts'
import { exportTo } from './export.ts'
import type { ExportOptions } from './export.ts'
import { importFrom } from './import.ts'
import type { ImportOptions } from './import.ts'
import { withEngine } from './offline.ts'

const folder = temporaryFolders()
const everyType: Document = {
  _id: new ObjectId('507f1f77bcf86cd799439011'),
  int: new Int32(1),
  long: Long.fromString('9007199254740993'),
  double: new Double(1),
  whole: new Double(-0),
  decimal: new Decimal128('1.10'),
  date: new Date(-1),
  timestamp: new Timestamp({ t: 1, i: 2 }),
  uuid: new UUID('b5f12f8e-0a4b-4d7c-8d70-8a5a6e3d6a11'),
  old: new Binary(Buffer.from('x'), 2),
  regex: new BSON.BSONRegExp('a/b', 'im'),
  text: 'é"\u2028\u0000',
  code: new Code('f()', { x: new Int32(1) }),
  min: new MinKey(),
  max: new MaxKey(),
  none: null,
  array: [new Int32(1), [{}]],
  nested: { z: new Int32(1), a: {} },
}
// Names like numbers change places in JavaScript objects; this document keeps its order only as bytes.
const ordered = new Map<string, unknown>([
  ['_id', 'ordered'],
  ['b', 1],
  ['10', 2],
  ['2', new Map([['1', 1]])],
])
const longName = `${'ñandú (a/b) '.repeat(12)}end`

async function fill(client: MongoClient): Promise<void> {
  const shop = client.db('shop')
  await shop.createCollection('orders', {
    validator: { $jsonSchema: { required: ['_id'] } },
    validationLevel: 'moderate',
    changeStreamPreAndPostImages: { enabled: true },
  })
  await shop.createCollection('log', { capped: true, size: 4096, max: 3 })
  await shop.createCollection('names', { collation: { locale: 'en', strength: 2 } })
  await shop.createCollection('big', { viewOn: 'orders', pipeline: [{ $match: { n: { $gt: 1 } } }] })
  await shop.collection('orders').insertMany([everyType, ordered as unknown as Document, { n: 2 }, { n: 3 }])
  await shop.collection('log').insertMany([1, 2, 3].map((n) => ({ n })))
  await shop.collection('names').insertMany([{ name: 'Ana' }, { name: 'ana' }])
  await shop
    .collection('orders')
    .createIndexes([
      { key: { n: -1, 'nested.z': 1 }, name: 'by n' },
      { key: { email: 1 }, unique: true, partialFilterExpression: { email: { $exists: true } } },
      { key: { at: 1 }, expireAfterSeconds: 60 },
      { key: { text: 1 }, sparse: true, collation: { locale: 'es', strength: 1 } },
      { key: { uuid: 'hashed' } },
    ])
  await client
    .db('other')
    .collection(longName)
    .insertOne({ _id: 1 as never })
  await client.db('other').createCollection('empty')
}

/** Everything that must survive, documents as bytes in their order. */
async function contentOf(client: MongoClient): Promise<Document> {
  const content: Document = {}
  for (const name of ['shop', 'other']) content[name] = await databaseOf(client.db(name))
  return content
}

async function databaseOf(db: Db): Promise<Document> {
  const collections: Document = {}
  for (const { name, type, options } of (await db.listCollections().toArray()) as Document[]) {
    if (name === 'system.views') continue
    const raw = await db
      .collection(name as string, { raw: true } as never)
      .find({}, { raw: true } as never)
      .toArray()
    collections[name as string] = {
      type: type as string,
      options: options as Document,
      documents: raw.map((bytes) => (bytes as unknown as Buffer).toString('hex')),
      indexes:
        type === 'view'
          ? []
          : await db
              .collection(name as string)
              .listIndexes()
              .toArray(),
    }
  }
  return collections
}

const exported = (dir: string, target: string, options: ExportOptions) =>
  withEngine(dir, (engine) => exportTo(engine, target, options))
const imported = (dir: string, source: string, options: ImportOptions = { existing: 'refuse' }) =>
  withEngine(dir, (engine) => importFrom(engine, source, options), { create: true })

describe('export and import', () => {
  const original = folder('original')
  let content: Document
  beforeAll(async () => {
    content = await withDatabase(original, async (client) => {
      await fill(client)
      return contentOf(client)
    })
  }, 60_000)

  it.each<[string, ExportOptions]>([
    ['ejson', { format: 'ejson', gzip: false }],
    ['bson', { format: 'bson', gzip: false }],
    ['ejson.gz', { format: 'ejson', gzip: true }],
    ['bson.gz', { format: 'bson', gzip: true }],
  ])('keeps documents, options, indexes and views as %s', async (name, options) => {
    const target = folder(`dump-${name}`)
    expect(await exported(original, target, options)).toEqual({ databases: 2, collections: 5, views: 1, documents: 10 })
    const copy = folder(`copy-${name}`)
    expect(await imported(copy, target)).toMatchObject({
      documents: 10,
      collections: 5,
      views: 1,
      indexes: 5,
      failures: [],
    })
    expect(await withDatabase(copy, contentOf)).toEqual(content)
  })

  it("writes mongodump's layout", async () => {
    const target = folder('layout')
    await exported(original, target, { format: 'bson', gzip: false })
    expect(readdirSync(join(target, 'shop')).sort()).toEqual([
      'big.metadata.json',
      'log.bson',
      'log.metadata.json',
      'names.bson',
      'names.metadata.json',
      'orders.bson',
      'orders.metadata.json',
    ])
    const metadata = JSON.parse(readFileSync(join(target, 'shop/log.metadata.json'), 'utf8')) as Document
    expect(metadata).toEqual({
      options: { capped: true, size: { $numberInt: '4096' }, max: { $numberInt: '3' } },
      indexes: [{ v: { $numberInt: '2' }, key: { _id: { $numberInt: '1' } }, name: '_id_' }],
      uuid: expect.stringMatching(/^[\da-f]{32}$/) as string,
      collectionName: 'log',
      type: 'collection',
    })
    const cut = readdirSync(join(target, 'other')).find((file) => file.startsWith('%C3%B1') && file.endsWith('.bson'))
    // A long name is cut to 208 characters, a $ and the digest of the whole.
    expect(cut).toMatch(/^.{208}%24[\w-]{27}\.bson$/)
    expect(cut).toContain('%20%28a%2Fb%29%20')
    const bytes = readFileSync(join(target, 'shop/log.bson'))
    expect(BSON.deserialize(bytes.subarray(0, bytes.readInt32LE(0)))).toMatchObject({ n: 1 })
  })

  it('writes one canonical document on each line', async () => {
    const target = folder('lines')
    await exported(original, target, { format: 'ejson', gzip: false })
    const lines = readFileSync(join(target, 'shop/orders.ejson'), 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('"whole":{"$numberDouble":"-0.0"}')
    expect(lines[1]).toBe(
      '{"_id":"ordered","b":{"$numberInt":"1"},"10":{"$numberInt":"2"},"2":{"1":{"$numberInt":"1"}}}',
    )
    expect(BSON.EJSON.parse(lines[0] as string, { relaxed: false })).toMatchObject({ long: everyType.long as Long })
  })

  it('refuses a target that holds anything, and leaves no half export behind', async () => {
    const target = folder('taken')
    mkdirSync(target)
    writeFileSync(join(target, 'x'), '')
    await expect(exported(original, target, { format: 'bson', gzip: false })).rejects.toThrow('is not empty')
    const odd = folder('odd')
    await withDatabase(odd, (client) =>
      client
        .db('a')
        .collection('b')
        .insertOne({ at: { $date: 'not a date' } }),
    )
    await expect(exported(odd, folder('half'), { format: 'ejson', gzip: false })).rejects.toThrow(
      /a\.b, document 1: a field is called \$date.*use --format bson/,
    )
    expect([existsSync(folder('half')), existsSync(folder('half.partial'))]).toEqual([false, false])
    await exported(odd, folder('whole'), { format: 'bson', gzip: false })
  })

  it('does not mix into existing data unless told', async () => {
    const source = folder('mix-source')
    await exported(original, source, { format: 'bson', gzip: false })
    const target = folder('mix')
    const names = (client: MongoClient) =>
      client.db('shop').collection('names').find().sort({ name: 1 }).project({ _id: 0 }).toArray()
    await withDatabase(target, async (client) => {
      await client.db('shop').collection('names').insertOne({ name: 'mine' })
      await client.db('shop').collection('kept').insertOne({ a: 1 })
    })
    await expect(imported(target, source)).rejects.toThrow('has the database shop already')
    const merged = await imported(target, source, { existing: 'merge' })
    expect(merged).toMatchObject({ documents: 10, duplicates: 0 })
    expect(await withDatabase(target, names)).toHaveLength(3)
    expect(await imported(target, source, { existing: 'merge' })).toMatchObject({ documents: 0, duplicates: 10 })
    await imported(target, source, { existing: 'drop' })
    await withDatabase(target, async (client) => {
      expect(await names(client)).toEqual([{ name: 'Ana' }, { name: 'ana' }])
      expect(await client.db('shop').collection('kept').countDocuments()).toBe(1)
    })
  })

  it('imports a single file, with the metadata beside it', async () => {
    const source = folder('single')
    await exported(original, source, { format: 'ejson', gzip: true })
    const target = folder('single-copy')
    const file = join(source, 'shop/log.ejson.gz')
    await expect(imported(target, file)).rejects.toThrow('--into DATABASE.COLLECTION')
    await imported(target, file, { into: 'a.b.c', existing: 'refuse' })
    const relaxed = folder('relaxed.jsonl')
    writeFileSync(relaxed, '{"n":1,"big":3000000000,"x":1.5}\n\n{"n":{"$numberLong":"2"}}\n')
    await imported(target, relaxed, { into: 'd.e', existing: 'refuse' })
    await withDatabase(target, async (client) => {
      expect(await client.db('a').listCollections({ name: 'b.c' }).toArray()).toMatchObject([{ options: { max: 3 } }])
      const types = { $project: { _id: 0, n: { $type: '$n' }, big: { $type: '$big' }, x: { $type: '$x' } } }
      expect(await client.db('d').collection('e').aggregate([types]).toArray()).toEqual([
        { n: 'int', big: 'long', x: 'double' },
        { n: 'long', big: 'missing', x: 'missing' },
      ])
    })
  })

  it.each([
    ['cut.bson', Buffer.from('1200000010'.padEnd(20, '0'), 'hex'), /cut off at byte 0/],
    ['bad.bson', Buffer.from('ffffffff00', 'hex'), /no document at byte 0/],
    ['bad.ejson', Buffer.from('{"a":1}\n{"a":}\n'), /line 2: JSON has "}" at character 5/],
    ['type.ejson', Buffer.from('{"a":{"$numberInt":"x"}}'), /line 1: "x" is no whole number of 32 bits/],
    ['array.json', Buffer.from('[{"a":1}]'), /a JSON array; write one document on each line/],
  ])('names the place of the mistake in %s', async (name, bytes, message) => {
    writeFileSync(folder(name), bytes)
    const into = { into: 'a.b', existing: 'drop' } as const
    await expect(imported(folder('mistakes'), folder(name), into)).rejects.toThrow(message)
  })

  it("keeps time series as documents, and cannot read those of a server's buckets", async () => {
    const [from, target, copy] = [folder('series'), folder('series-dump'), folder('series-copy')]
    const content = await withDatabase(from, async (client) => {
      const db = client.db('own')
      await db.createCollection('kpi', { timeseries: { timeField: 'at', metaField: 'cell' }, expireAfterSeconds: 60 })
      await db.collection('kpi').insertMany([1, 1].map((_id) => ({ _id: _id as never, at: new Date() })))
      await db.collection('kpi').createIndex({ at: 1 })
      return databaseOf(db)
    })
    await exported(from, target, { format: 'bson', gzip: false })
    expect(await imported(copy, target)).toMatchObject({ documents: 2, collections: 1, indexes: 2, failures: [] })
    expect(await withDatabase(copy, (client) => databaseOf(client.db('own')))).toEqual(content)
    rmSync(join(target, 'own/kpi.bson'))
    const without = await imported(folder('series-buckets'), target)
    expect(without.failures).toEqual(['own.kpi: a time series whose documents are in buckets'])
  })

  it('imports the rest when something is not offered here, and says what', async () => {
    const source = folder('foreign')
    mkdirSync(join(source, 'words'), { recursive: true })
    mkdirSync(join(source, 'admin'))
    writeFileSync(join(source, 'oplog.bson'), '')
    writeFileSync(join(source, 'admin/system.version.bson'), '')
    writeFileSync(join(source, 'words/notes.bson'), BSON.serialize({ _id: 1, text: 'a' }))
    writeFileSync(
      join(source, 'words/notes.metadata.json'),
      '{"options":{},"indexes":[{"v":2,"key":{"_id":1},"name":"_id_","ns":"words.notes"},{"v":2,"key":{"_fts":"text","_ftsx":1},"name":"text_text","weights":{"text":1},"default_language":"english","language_override":"language","textIndexVersion":3},{"v":{"$numberInt":"1"},"key":{"n":1},"name":"n_1","ns":"words.notes","background":true}],"uuid":"47e9795dfa3049f6961a04aca38c4e8e"}',
    )
    const done = await imported(folder('foreign-copy'), source)
    expect(done).toMatchObject({ documents: 1, collections: 1, indexes: 1 })
    expect(done.failures).toEqual([expect.stringMatching(/^words\.notes, index text_text: .*MONGODB_URI.*238/)])
    expect(done.skipped.sort()).toEqual([
      "admin.system.version: the server's own",
      'oplog.bson: no part of a collection',
    ])
  })
})
