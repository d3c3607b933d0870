import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HeadRoom } from './head-room.ts'

const pageSize = 4096
const pages = 16
const bytes = 8 * 1024 * 1024

describe('the room that a commit finds written ahead', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dcesop-head-room-'))
  const file = join(folder, 'data')
  const size = (): number => statSync(file).size
  let room: HeadRoom
  let used = pages
  let asked = 0

  beforeEach(() => {
    writeFileSync(file, Buffer.alloc(pages * pageSize))
    used = pages
    asked = 0
    room = new HeadRoom(file, () => {
      asked++
      return { pages: used, pageSize }
    })
  })
  afterEach(() => room.close())
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is written beside other work', async () => {
    const written = room.prepare(1, bytes)
    // Had it been written at once, everybody would have waited for it.
    expect(size()).toBeLessThan(bytes)
    await written
    expect(size()).toBeGreaterThan(pages * pageSize + 2 * bytes)
    expect(room.prepare(1, bytes)).toBeUndefined()
  })

  it('is written at once for a commit that is under way', () => {
    room.ensure(1, bytes)
    expect(size()).toBeGreaterThan(pages * pageSize + 2 * bytes)
  })

  it('is there for each of many commits, though LMDB is seldom asked how far it has come', async () => {
    await room.prepare(1, bytes)
    const commits = 500
    for (let i = 0; i < commits; i++) {
      await room.prepare(10, 20_000)
      used += 10
      expect(size()).toBeGreaterThan(used * pageSize)
    }
    expect(size()).toBeGreaterThan(pages * pageSize + 2 * bytes)
    expect(asked).toBeLessThan(commits / 2)
  })
})
