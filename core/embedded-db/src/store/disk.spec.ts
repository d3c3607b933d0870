import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Collection, MongoClient } from 'mongodb'
import type { Durability } from './lmdb-store.ts'
import { withDatabase } from '../testing/folders.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import type { SmallDisk } from '../testing/small-disk.ts'
import { check } from '../tools/check.ts'

const ballastBytes = 2 * 1024 * 1024
const probe = mountSmallDisk(1)
probe?.dispose()
const onDisk = probe ? describe : describe.skip

interface Row {
  _id: number
  text: string
}

/** Inserts until the disk is full; returns how many rows were acknowledged and the error. */
async function fillUp(rows: Collection<Row>, from: number): Promise<{ acknowledged: number; error: unknown }> {
  for (let next = from; ; next += 20) {
    try {
      await rows.insertMany(Array.from({ length: 20 }, (_, i) => ({ _id: next + i, text: 'x'.repeat(900) })))
    } catch (error) {
      return { acknowledged: next, error }
    }
  }
}

onDisk('a small disk (skipped where this process may not mount one)', () => {
  let disk: SmallDisk
  beforeEach(() => {
    disk = mountSmallDisk(8) as SmallDisk
  })
  afterEach(() => disk.dispose())

  it.each<Durability>(['none', 'commit', 'flush'])(
    'answers 14031 when it is full, reads on, and writes again once there is room, with durability %s',
    async (durability) => {
      const path = join(disk.folder, 'db')
      const ballast = join(disk.folder, 'ballast')
      writeFileSync(ballast, Buffer.alloc(ballastBytes))
      const use = async (client: MongoClient): Promise<number> => {
        const rows = client.db('shop').collection<Row>('rows')
        await rows.createIndex({ text: 1 })
        const first = await fillUp(rows, 0)
        expect(first.error).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' })
        expect(await rows.countDocuments({})).toBeGreaterThanOrEqual(first.acknowledged)
        expect(await rows.findOne({ _id: first.acknowledged - 1 })).toMatchObject({ text: 'x'.repeat(900) })
        expect(await client.db('shop').command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] })
        const inTransaction = client.withSession((session) =>
          session.withTransaction(() => rows.insertOne({ _id: -1, text: 'y'.repeat(3_000_000) }, { session })),
        )
        await expect(inTransaction).rejects.toMatchObject({ code: 14031 })
        rmSync(ballast)
        await rows.insertOne({ _id: -2, text: 'after' })
        const second = await fillUp(rows, 1_000_000)
        expect(second.error).toMatchObject({ code: 14031 })
        expect(second.acknowledged).toBeGreaterThan(1_000_000)
        return first.acknowledged
      }
      const acknowledged = await withDatabase(path, use, { durability })
      const { report, problems } = await check(path)
      expect(problems).toEqual([])
      expect(report.collections).toMatchObject([{ namespace: 'shop.rows' }])
      await withDatabase(path, async (client) => {
        const ids = await client.db('shop').collection<Row>('rows').distinct('_id')
        expect(ids.filter((id) => id >= 0 && id < acknowledged)).toHaveLength(acknowledged)
        expect(ids).toContain(-2)
        expect(ids).not.toContain(-1)
      })
    },
    120_000,
  )

  it('lives on while every kind of write meets a full disk, and takes them all again once there is room', async () => {
    const [ballast, rest] = [join(disk.folder, 'ballast'), join(disk.folder, 'rest')]
    writeFileSync(ballast, Buffer.alloc(ballastBytes))
    await withDatabase(join(disk.folder, 'db'), async (client) => {
      const [rows, other] = [
        client.db('a').collection<Row>('rows'),
        client.db('b').collection<{ _id: number }>('other'),
      ]
      await rows.createIndex({ text: 1 })
      await fillUp(rows, 0)
      // Every last byte: a commit of one small page is refused as well.
      expect(() => writeFileSync(rest, Buffer.alloc(ballastBytes))).toThrow('ENOSPC')
      let next = 1_000_000
      const attempts = [
        () => rows.insertMany(Array.from({ length: 5 }, () => ({ _id: next++, text: 'y'.repeat(300) }))),
        () => rows.updateOne({ _id: next % 20 }, { $set: { text: `z${next++}` } }),
        () => other.updateOne({ _id: next % 50 }, { $inc: { c: 1 } }, { upsert: true }),
        () => rows.deleteOne({ _id: next++ % 40 }),
      ]
      const writing = attempts.map(async (attempt) => {
        for (let n = 0; n < 100; n += 1)
          await attempt().catch((error: unknown) => expect(error).toMatchObject({ code: 14031 }))
      })
      await Promise.all(writing)
      rmSync(ballast)
      for (const attempt of attempts) await attempt()
      expect(await client.db('a').command({ validate: 'rows' })).toMatchObject({ valid: true })
    })
  }, 60_000)

  it('starts on a full disk, to be read', async () => {
    const path = join(disk.folder, 'db')
    await withDatabase(path, async (client) => {
      const rows = client.db('shop').collection<Row>('rows')
      await rows.insertOne({ _id: -5, text: 'first' })
      await fillUp(rows, 0)
    })
    await withDatabase(path, async (client) => {
      expect(await client.db('shop').collection<Row>('rows').findOne({ _id: -5 })).toMatchObject({ text: 'first' })
    })
  }, 60_000)

  it('is read, and never written, when it is read-only', async () => {
    const path = join(disk.folder, 'db')
    await withDatabase(path, (client) => client.db('shop').collection<Row>('rows').insertOne({ _id: 1, text: 'a' }))
    disk.setReadOnly(true)
    await withDatabase(path, async (client) => {
      const rows = client.db('shop').collection<Row>('rows')
      expect(await rows.find().toArray()).toEqual([{ _id: 1, text: 'a' }])
      const refusal = {
        code: 371,
        codeName: 'UserWritesBlocked',
        message: expect.stringContaining('read-only') as string,
      }
      await expect(rows.insertOne({ _id: 2, text: 'b' })).rejects.toMatchObject(refusal)
      await expect(rows.updateOne({ _id: 1 }, { $set: { text: 'b' } })).rejects.toMatchObject({ code: 371 })
      await expect(client.db('shop').createCollection('more')).rejects.toMatchObject(refusal)
      expect(await client.db('admin').command({ hello: 1 })).toMatchObject({ readOnly: true })
      expect(await rows.find().toArray()).toHaveLength(1)
    })
    expect((await check(path)).problems).toEqual([])
    disk.setReadOnly(false)
    await withDatabase(path, (client) => client.db('shop').collection<Row>('rows').insertOne({ _id: 2, text: 'b' }))
  }, 60_000)
})
