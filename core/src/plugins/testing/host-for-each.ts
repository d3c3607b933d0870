import { startTestServer } from '@dcesop/embedded-db/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataPlatform } from '../../ports.ts'
import type { PluginHostDeps } from '../host-types.ts'
import { connectData, Harness } from './harness.ts'

/** What each case of a spec has for itself. */
export interface CaseData {
  readonly data: DataPlatform
  /** For hosts in other processes. */
  readonly uri: string
  readonly prefix: string
  /** Of a host, over its restarts. */
  readonly dataDir: string
}

export interface CaseHost extends CaseData {
  /** The host that was started last. */
  readonly harness: Harness
  /** Starts a host again on the same folder and databases. */
  boot(): Promise<void>
}

/**
 * Databases and a folder for each case, on one database server for the whole spec.
 * @param end of each case, before they go
 */
export function dataForEach(end: () => unknown = () => undefined): CaseData {
  let server: Awaited<ReturnType<typeof startTestServer>>
  let current: (CaseData & { close(): Promise<void> }) | undefined
  let cases = 0
  beforeAll(async () => {
    server = await startTestServer()
  })
  beforeEach(async () => {
    cases += 1
    const { uri } = server
    const prefix = `${server.prefix}${cases}_`
    const dataDir = await mkdtemp(join(tmpdir(), 'pluginhost-'))
    current = { ...(await connectData(uri, prefix)), uri, prefix, dataDir }
  })
  afterEach(async () => {
    await end()
    await current?.close()
    await rm(now().dataDir, { recursive: true, force: true })
  })
  afterAll(() => server?.stop())
  const now = () => {
    if (current) return current
    throw new Error('This is there within a case only.')
  }
  return {
    get data() {
      return now().data
    },
    get uri() {
      return now().uri
    },
    get prefix() {
      return now().prefix
    },
    get dataDir() {
      return now().dataDir
    },
  }
}

/** A host without plugins for each case. @param change asked before every start */
export function hostForEach(change: () => Partial<PluginHostDeps> = () => ({})): CaseHost {
  let harness: Harness | undefined
  const given = dataForEach(async () => {
    await harness?.stop()
    harness = undefined
  })
  const boot = async () => {
    harness = await Harness.start(given.data, { dataDir: given.dataDir, firstInstall: [], ...change() })
  }
  beforeEach(boot)
  const own = {
    boot,
    get harness() {
      if (harness) return harness
      throw new Error('No host runs.')
    },
  }
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(given)) as CaseHost
}
