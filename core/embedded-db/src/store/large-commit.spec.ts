import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LmdbStore } from './lmdb-store.ts'

const ENTRIES = 10_000

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-large-'))
})
afterEach(() => {
  jest.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

function keyOf(i: number): Buffer {
  const key = Buffer.alloc(8)
  key.writeUInt32BE(20, 0)
  key.writeUInt32BE(i, 4)
  return key
}

const countIn = (store: LmdbStore): number => store.count(keyOf(0), keyOf(ENTRIES))

it('puts a large commit in several turns, and nobody sees a part of it, not even after a crash in the middle', async () => {
  const path = join(folder, 'db')
  mkdirSync(path)
  const store = new LmdbStore(path, 'commit')
  await store.write((writer) => writer.put(keyOf(ENTRIES), Buffer.from('before')))
  // Each look at the clock takes a millisecond, on every machine.
  let now = performance.now()
  jest.spyOn(performance, 'now').mockImplementation(() => now++)
  const { db } = store as unknown as { db: { batch: (work: () => void) => Promise<boolean> } }
  const { batch } = db
  let turn = 0
  const turnsOfPuts = new Set<number>()
  db.batch = (work) => {
    turnsOfPuts.add(turn)
    return batch.call(db, work)
  }
  let going = true
  const written = store
    .write((writer) => {
      for (let i = 0; i < ENTRIES; i++) writer.put(keyOf(i), Buffer.from(`value ${i}`))
    })
    .finally(() => (going = false))
  const counts = new Set<number>()
  while (going) {
    counts.add(countIn(store))
    if (turnsOfPuts.size === 2) cpSync(path, join(folder, 'crashed'), { recursive: true, force: false })
    turn++
    await nextTurn()
  }
  await written
  db.batch = batch
  expect(turnsOfPuts.size).toBeGreaterThan(3)
  expect([...counts].filter((count) => count !== 0 && count !== ENTRIES)).toEqual([])
  expect(countIn(store)).toBe(ENTRIES)
  await store.close()
  const crashed = new LmdbStore(join(folder, 'crashed'), 'commit', true)
  expect(countIn(crashed)).toBe(0)
  expect(crashed.get(keyOf(ENTRIES))?.toString()).toBe('before')
  await crashed.close()
})
