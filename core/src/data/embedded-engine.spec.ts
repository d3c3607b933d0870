import type { Log } from '@dcesop/sdk-plugin'
import { MongoClient } from 'mongodb'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedEngine } from './embedded-engine.ts'

// Processes start here, on machines that may be busy: a limit for what hangs, not for what is slow.
jest.setTimeout(120_000)

const log: Log = { debug() {}, info() {}, warn() {}, error() {} }
const directory = mkdtempSync(join(tmpdir(), 'dcesop-engine-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the embedded engine of a host', () => {
  it('comes back after kill -9 where the driver left it, with every acknowledged write', async () => {
    const engine = new EmbeddedEngine(join(directory, 'db'), log)
    const client = await MongoClient.connect(await engine.start())
    const rows = client.db('host').collection<{ _id: number }>('rows')
    const acknowledged: number[] = []
    let kills = 0
    try {
      for (let next = 0; kills < 2 || acknowledged.length < 300; next += 1) {
        if (next === 100 || next === 200) {
          process.kill(engine.pid as number, 'SIGKILL')
          kills += 1
        }
        // The driver finds the restarted engine by itself and sends the write again, once.
        await rows.insertOne({ _id: next })
        acknowledged.push(next)
      }
      expect(await rows.distinct('_id')).toEqual(acknowledged)
      expect(await client.db('host').command({ validate: 'rows' })).toMatchObject({ valid: true })
    } finally {
      await client.close()
      await engine.stop()
    }
    expect(() => process.kill(engine.pid as number, 0)).toThrow('ESRCH')
  })

  it('does not come up on a folder that it cannot read, and leaves no process behind', async () => {
    const folder = join(directory, 'newer')
    const first = new EmbeddedEngine(folder, log)
    await first.start()
    await first.stop()
    writeFileSync(join(folder, 'FORMAT'), '99\n')
    const engine = new EmbeddedEngine(folder, log, { readyTimeoutMs: 3000 })
    await expect(engine.start()).rejects.toThrow(/embedded-db (ended before it was ready|was not ready)/)
    await engine.stop()
    expect(() => process.kill(engine.pid as number, 0)).toThrow('ESRCH')
  })
})
