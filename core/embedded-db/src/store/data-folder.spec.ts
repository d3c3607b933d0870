import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { startEmbedded } from '../index.ts'
import { temporaryFolders, withDatabase } from '../testing/folders.ts'
import { FORMAT_VERSION, openDataFolder } from './data-folder.ts'
import { LmdbStore } from './lmdb-store.ts'

const folder = temporaryFolders()
const moduleFile = join(import.meta.dirname, 'data-folder.ts')

/** Opens the folder in another process, which holds it until it is killed. */
async function heldElsewhere(path: string) {
  const program = `const { openDataFolder } = await import(${JSON.stringify(moduleFile)})
    openDataFolder(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { pid: child.pid as number, kill }
}

describe('the lock of a data folder', () => {
  it('is held by one process, also while that sleeps, and ends with it', async () => {
    const path = folder('held')
    const other = await heldElsewhere(path)
    expect(() => openDataFolder(path)).toThrow(`in use by process ${other.pid}`)
    process.kill(other.pid, 'SIGSTOP')
    expect(() => openDataFolder(path)).toThrow(`in use by process ${other.pid}`)
    await other.kill()
    // What the dead process left names a process that may exist again: this one.
    writeFileSync(join(path, 'LOCK'), `${process.pid}\n`)
    openDataFolder(path).release()
  }, 30_000)

  it('is held against this process too', () => {
    const path = folder('twice')
    const first = openDataFolder(path)
    expect(() => openDataFolder(path)).toThrow(`in use by process ${process.pid}`)
    first.release()
    first.release()
    openDataFolder(path).release()
  })

  it('is won by one of many that start at once', async () => {
    const path = folder('race')
    openDataFolder(path).release()
    const program = `const { openDataFolder } = await import(${JSON.stringify(moduleFile)})
      try { openDataFolder(${JSON.stringify(path)}); console.log('won') } catch { console.log('lost') }
      await new Promise((resolve) => process.stdin.once('end', resolve).resume())`
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]))
    const results = await Promise.all(
      children.map(
        (child) => new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text)))),
      ),
    )
    for (const child of children) child.stdin.end()
    expect(results.sort()).toEqual(['lost\n', 'lost\n', 'lost\n', 'won\n'])
  }, 60_000)
})

describe('the format of a data folder', () => {
  it('is written for a new one', () => {
    const path = folder('new')
    openDataFolder(path).release()
    expect(readFileSync(join(path, 'FORMAT'), 'utf8')).toBe(`${FORMAT_VERSION}\n`)
  })

  it.each([
    [
      'newer',
      String(FORMAT_VERSION + 1),
      /has format 2, which is newer than format 1.*start the version that wrote it/,
    ],
    ['broken', 'x', /says "x", which is no version number/],
    ['empty', '', /says "", which is no version number/],
  ])('%s is refused with what to do', (name, text, message) => {
    const path = folder(name)
    openDataFolder(path).release()
    writeFileSync(join(path, 'FORMAT'), text)
    expect(() => openDataFolder(path)).toThrow(message)
    // The refusal gave the lock back.
    writeFileSync(join(path, 'FORMAT'), `${FORMAT_VERSION}`)
    openDataFolder(path).release()
  })

  it('of other files is not guessed', async () => {
    const path = folder('lost')
    await withDatabase(path, (client) => client.db('a').collection('b').insertOne({}))
    rmSync(join(path, 'FORMAT'))
    await expect(startEmbedded({ path })).rejects.toThrow('has data but no FORMAT file')
    const server = folder('server')
    mkdirSync(server)
    writeFileSync(join(server, 'WiredTiger'), '')
    await expect(startEmbedded({ path: server })).rejects.toThrow('dump them with mongodump and use --import')
  })
})

describe('a data file', () => {
  it.each([
    ['cut off', (path: string) => truncateSync(path, 20_000), /is cut off at 20000 of \d+ bytes; restore the folder/],
    [
      'of other bytes',
      (path: string) => writeFileSync(path, 'garbage '.repeat(3000)),
      /is no data file of this database/,
    ],
  ])('that is %s is refused and not read', async (name, harm, message) => {
    const path = folder(name)
    await withDatabase(path, (client) =>
      client
        .db('a')
        .collection('b')
        .insertOne({ text: 'x'.repeat(200_000) }),
    )
    harm(join(path, 'data.mdb'))
    await expect(startEmbedded({ path })).rejects.toThrow(message)
    openDataFolder(path).release()
  })

  it('that ends before pages that were given back is whole, and one that lacks a page in use is not', async () => {
    const path = folder('short')
    mkdirSync(path)
    const file = join(path, 'data.mdb')
    const store = new LmdbStore(path, 'commit')
    const key = (n: number): Buffer => Buffer.from([0, 0, 0, 100, n])
    const large = Buffer.alloc(100_000, 1)
    await store.write((writer) => writer.put(key(1), large))
    await store.close()
    // The page count of both heads says more than was ever written, as after a transaction that gave its last pages back.
    const handle = openSync(file, 'r+')
    let before = 0
    for (const head of [0, 4096]) {
      const last = Buffer.alloc(8)
      readSync(handle, last, 0, 8, head + 144)
      before = Math.max(before, (Number(last.readBigUInt64LE()) + 1) * 4096)
      last.writeBigUInt64LE(last.readBigUInt64LE() + 3n)
      writeSync(handle, last, 0, 8, head + 144)
    }
    closeSync(handle)
    truncateSync(file, before)
    const again = new LmdbStore(path, 'commit')
    expect(again.get(key(1))).toEqual(large)
    await again.write((writer) => writer.put(key(2), large))
    expect([again.get(key(1)), again.get(key(2))]).toEqual([large, large])
    await again.close()
    expect(statSync(file).size).toBeGreaterThan(before)
    truncateSync(file, before - 4096)
    expect(() => new LmdbStore(path, 'commit')).toThrow(/is cut off at \d+ of \d+ bytes/)
  })
})

describe('a stop', () => {
  it('is clean only when everything was closed', async () => {
    const path = folder('clean')
    await withDatabase(path, (client) => client.db('a').collection('b').insertOne({}))
    expect(existsSync(join(path, 'CLEAN'))).toBe(true)
    const opened = openDataFolder(path)
    expect([opened.unclean, existsSync(join(path, 'CLEAN'))]).toEqual([false, false])
    opened.release()
    const again = openDataFolder(path)
    expect(again.unclean).toBe(true)
    again.release()
  })

  it('that was none is followed by a check, whose result serverStatus tells', async () => {
    const path = folder('unclean')
    await withDatabase(path, (client) => client.db('a').collection('b').insertOne({}))
    rmSync(join(path, 'CLEAN'))
    await withDatabase(path, async (client) => {
      let state = 'checking'
      while (state === 'checking') {
        const { embedded } = await client.db('admin').command({ serverStatus: 1 })
        state = (embedded as { recovery: { state: string } }).recovery.state
      }
      expect(state).toBe('verified')
    })
    expect(existsSync(join(path, 'CLEAN'))).toBe(true)
  })

  it('keeps the folder to its owner', () => {
    const path = folder('private')
    openDataFolder(path).release()
    if (process.platform === 'win32') return
    expect(execFileSync('stat', ['-c', '%a', path], { encoding: 'utf8' }).trim()).toBe('700')
  })
})
