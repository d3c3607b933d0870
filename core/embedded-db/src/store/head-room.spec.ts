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

  beforeEach(() => {
    writeFileSync(file, Buffer.alloc(pages * pageSize))
    room = new HeadRoom(file, () => ({ pages, pageSize }))
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
})
