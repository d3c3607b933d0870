import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATA_FILE } from './format.ts'
import { type Durability, LmdbStore } from './lmdb-store.ts'

const [key, value] = [Buffer.alloc(9, 1), Buffer.from('value')]
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-broken-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The next flush fails, and the system calls the ones after it a success. */
function failOnce(store: LmdbStore, message: string): void {
  const { db } = store as unknown as { db: { batch: (work: () => void) => Promise<boolean> } }
  const { batch } = db
  db.batch = async () => {
    db.batch = batch
    throw new Error(message)
  }
}

const put = (store: LmdbStore) => store.write((writer) => writer.put(key, value))

it.each<Durability>(['commit', 'flush'])(
  'writes nothing more until the next start once the disk failed, with durability %s',
  async (durability) => {
    const store = new LmdbStore(folder, durability)
    failOnce(store, 'Input/output error')
    await expect(put(store)).rejects.toMatchObject({ problem: 'other' })
    await expect(put(store)).rejects.toMatchObject({
      problem: 'readOnly',
      message: expect.stringContaining('Input/output'),
    })
    expect(store.get(key)).toBeUndefined()
    await store.close()
    const again = new LmdbStore(folder, durability)
    await put(again)
    expect(again.get(key)).toEqual(value)
    await again.close()
  },
)

it('stores nothing of a commit of which an entry cannot be put, and nothing more until the next start', async () => {
  const store = new LmdbStore(folder, 'commit')
  await put(store)
  await store.flushed()
  const { db } = store as unknown as { db: { put: (key: Buffer, value: Buffer) => unknown } }
  const original = db.put
  let puts = 0
  db.put = (...entry) => {
    if (++puts > 300) throw new Error('out of memory')
    return original.apply(db, entry)
  }
  const entryKey = (i: number): Buffer => Buffer.from([1, 1, 1, 1, 2, i >> 8, i & 0xff])
  const many = store.write((writer) => {
    for (let i = 0; i < 400; i++) writer.put(entryKey(i), value)
  })
  await expect(many).rejects.toMatchObject({ message: 'out of memory' })
  db.put = original
  await expect(put(store)).rejects.toMatchObject({ problem: 'readOnly', message: expect.stringContaining('memory') })
  await store.close()
  // As the next process finds it: this one keeps the file open.
  const copy = join(folder, 'copy')
  mkdirSync(copy)
  copyFileSync(join(folder, DATA_FILE), join(copy, DATA_FILE))
  const again = new LmdbStore(copy, 'commit')
  expect(again.count(entryKey(0), entryKey(400))).toBe(0)
  expect(again.get(key)).toEqual(value)
  await put(again)
  await again.close()
})

it('goes on after a failure that is not of the disk', async () => {
  const store = new LmdbStore(folder, 'commit')
  failOnce(store, 'MDB_BAD_VALSIZE: Unsupported size of key')
  await expect(put(store)).rejects.toMatchObject({ problem: 'other' })
  await put(store)
  expect(store.get(key)).toEqual(value)
  await store.close()
})
