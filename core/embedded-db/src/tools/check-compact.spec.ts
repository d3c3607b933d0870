import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbedded } from '../index.ts'
import { openEngine } from '../engine/open.ts'
import { recordKey, Table, tableKey, tableRange } from '../engine/keyspace.ts'
import type { Collection } from '../engine/collection.ts'
import { openDataFolder } from '../store/data-folder.ts'
import type { Reader, Writer } from '../store/store.ts'
import { temporaryFolders, withDatabase } from '../testing/folders.ts'
import { COMPILED } from '../testing/program.ts'
import { readArguments } from './arguments.ts'
import { check } from './check.ts'
import { compact } from './compact.ts'
import { runOffline } from './run.ts'
import type { OfflineTask } from './run.ts'

const folder = temporaryFolders()
const main = join(import.meta.dirname, '../main.ts')

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...COMPILED },
  })
  return { status, out: stdout, err: stderr }
}

async function filled(name: string): Promise<string> {
  const path = folder(name)
  await withDatabase(path, async (client) => {
    const rows = client.db('a').collection('b')
    await rows.createIndexes([{ key: { n: 1 } }, { key: { tags: 1 } }, { key: { u: 1 }, unique: true, sparse: true }])
    await rows.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n as never, n, tags: [n, n + 1], u: `u${n}` })))
  })
  return path
}

/** Damages a stored database behind the engine's back. */
async function damage(path: string, action: (writer: Writer, collection: Collection) => void): Promise<void> {
  const { engine, close } = openEngine(openDataFolder(path), 'flush')
  const collection = engine.catalogue.collections.get('a.b') as Collection
  await engine.store.write((writer) => action(writer, collection))
  await close({ clean: true })
}

function firstKey(reader: Reader, table: number): Buffer {
  for (const { key } of reader.range(tableRange(table))) return Buffer.from(key)
  throw new Error('the table is empty')
}

const tableOf = (collection: Collection, index: string): number =>
  collection.indexes.find(({ name }) => name === index)?.table ?? 0

describe('--check', () => {
  it('reports what is there and says that it agrees', async () => {
    const path = await filled('good')
    const { status, out } = run('--dir', path, '--check')
    expect(out).toContain('ok      a.b: 50 documents; keys: _id_ 50, n_1 50, tags_1 100, u_1 50')
    expect(out).toContain('everything agrees')
    expect(status).toBe(0)
  }, 30_000)

  it.each<[string, RegExp, (writer: Writer, collection: Collection) => void]>([
    [
      'a missing index entry',
      /a\.b: index n_1 lacks the key of record 1/,
      (writer, collection) => writer.remove(firstKey(writer, tableOf(collection, 'n_1'))),
    ],
    [
      'an entry for a document that is gone',
      /a\.b: index n_1 points to record 1, which does not exist/,
      (writer, collection) => writer.remove(recordKey(collection.table, 1)),
    ],
    [
      'an entry with a value that the document does not have',
      /a\.b: index n_1 has 51 keys where the documents give 50/,
      (writer, collection) => {
        const key = firstKey(writer, tableOf(collection, 'n_1'))
        key[5] = 0xff
        writer.put(key, Buffer.alloc(0))
      },
    ],
    [
      'a unique key of another document',
      /a\.b: index u_1 lacks the key of record 1/,
      (writer, collection) => writer.put(firstKey(writer, tableOf(collection, 'u_1')), Buffer.of(0, 0, 0, 0, 0, 9)),
    ],
    [
      'a document that cannot be read',
      /a\.b: record 7: .*Invalid BSON/,
      (writer, collection) =>
        writer.put(recordKey(collection.table, 7), Buffer.from('0a0000000261000100000000', 'hex')),
    ],
    [
      'wrong totals',
      /a\.b: the stored count is 49, the collection has 50 documents/,
      (writer, collection) => {
        const totals = Buffer.from(writer.get(recordKey(Table.statistics, collection.table)) as Buffer)
        totals.writeDoubleBE(49, 0)
        writer.put(recordKey(Table.statistics, collection.table), totals)
      },
    ],
    [
      'an oplog entry that cannot be read',
      /the oplog entry at 0: .*Invalid BSON/,
      (writer) => writer.put(tableKey(Table.oplog, Buffer.alloc(8)), Buffer.from('nonsense')),
    ],
    [
      'a session that cannot be read',
      /session 0102/,
      (writer) => writer.put(tableKey(Table.sessions, Buffer.of(1, 2)), Buffer.from('nonsense')),
    ],
  ])(
    'finds %s',
    async (name, message, action) => {
      const path = await filled(name)
      await damage(path, action)
      const { problems } = await check(path)
      expect(problems.join('\n')).toMatch(message)
      // What a check found is found again: only a check without problems marks the folder as clean.
      expect((await check(path)).problems).toEqual(problems)
    },
    30_000,
  )

  it('exits 1 with each problem, and the database refuses to serve wrong totals', async () => {
    const path = await filled('exit')
    await damage(path, (writer, collection) => writer.remove(recordKey(collection.table, 3)))
    const { status, out } = run('--dir', path, '--check')
    expect(status).toBe(1)
    expect(out).toMatch(/DAMAGED a\.b[\s\S]*problem: a\.b: index n_1 points to record 3[\s\S]*problems$/m)
    await expect(startEmbedded({ path })).rejects.toThrow(/is damaged; look at it with --check/)
  }, 30_000)

  it('says that a folder is in use', async () => {
    const path = await filled('busy')
    const perform = (...args: string[]): Promise<boolean> =>
      runOffline(readArguments(args) as OfflineTask, () => undefined)
    await withDatabase(path, async () => {
      const { status, err } = run('--dir', path, '--check')
      expect(err).toContain(`in use by process ${process.pid}`)
      expect(status).toBe(1)
      for (const task of [['--compact'], ['--export', folder('none')], ['--import', path]])
        await expect(perform('--dir', path, ...task)).rejects.toThrow(`in use by process ${process.pid}`)
    })
    await expect(perform('--dir', folder('nothing'), '--check')).rejects.toThrow('holds no database')
  }, 60_000)
})

describe('--compact', () => {
  it('gives room back and keeps everything else', async () => {
    const path = await filled('compact')
    await withDatabase(path, async (client) => {
      const rows = client.db('a').collection('big')
      for (let i = 0; i < 20; i++)
        await rows.insertMany(Array.from({ length: 100 }, () => ({ text: 'x'.repeat(1000) })))
      await rows.drop()
    })
    const before = statSync(join(path, 'data.mdb')).size
    const { out, status, err } = run('--dir', path, '--compact')
    expect(err).toBe('')
    expect(status).toBe(0)
    expect(out).toMatch(/^compacted from \d+ to \d+ bytes$/m)
    expect(statSync(join(path, 'data.mdb')).size).toBeLessThan(before)
    expect((await check(path)).problems).toEqual([])
    await withDatabase(path, async (client) => {
      expect(
        await client
          .db('a')
          .collection('b')
          .countDocuments({ n: { $gte: 0 } }),
      ).toBe(50)
      await client.db('a').collection('b').insertOne({ n: 99 })
    })
  }, 60_000)

  it('changes nothing when the data is damaged', async () => {
    const path = await filled('compact-damaged')
    await damage(path, (writer, collection) => writer.remove(recordKey(collection.table, 3)))
    const before = readFileSync(join(path, 'data.mdb'))
    await expect(compact(path)).rejects.toThrow('the data is damaged, so nothing was changed')
    expect(readFileSync(join(path, 'data.mdb')).equals(before)).toBe(true)
    writeFileSync(join(path, 'x'), '')
  }, 30_000)
})
