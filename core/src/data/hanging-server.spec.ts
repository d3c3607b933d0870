import type { Log } from '@dcesop/sdk-plugin'
import { outageProblem } from '@dcesop/sdk-plugin/http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SessionStore } from '../identity/session-store.ts'
import { EmbeddedEngine } from './embedded-engine.ts'
import { MongoPlatform } from './platform.ts'

const log: Log = { debug() {}, info() {}, warn() {}, error() {} }
const directory = mkdtempSync(join(tmpdir(), 'dcesop-hanging-'))
const engine = new EmbeddedEngine(directory, log)
let platform: MongoPlatform
beforeAll(async () => {
  const uri = await engine.start()
  platform = await MongoPlatform.connect({ uri, prefix: 'h_', regions: ['br'] })
})
afterAll(async () => {
  process.kill(engine.pid as number, 'SIGCONT')
  await platform.close()
  await engine.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Shorter than the driver waits by itself: it takes a server for away after twenty seconds. */
const soon = <T>(work: Promise<T>) => Promise.race([work, sleep(15_000, 'waits on')])

it('a server that hangs is not ready, and whoever asks who somebody is hears that it is away', async () => {
  const probe = platform.readiness('embedded')
  const sessions = new SessionStore(platform.core)
  expect(await probe.check()).toMatchObject({ ready: true })
  process.kill(engine.pid as number, 'SIGSTOP')
  // The first on the connection that is open, the others on new ones.
  const asked = [1, 2, 3].map(() =>
    soon(sessions.byDigest('x').catch((error: unknown) => outageProblem(error)?.status)),
  )
  expect(await Promise.all(asked)).toEqual([503, 503, 503])
  expect(await soon(probe.check())).toMatchObject({ ready: false })
  process.kill(engine.pid as number, 'SIGCONT')
  expect(await sessions.byDigest('x')).toBeNull()
}, 120_000)
