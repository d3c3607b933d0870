import { type DesiredState, DesiredStates } from '../journal/desired.ts'
import { type GenerationKey, Journal } from '../journal/journal.ts'
import type { State } from '../journal/states.ts'
import { packFixture, route } from './fixture-plugin.ts'
import { Harness } from './harness.ts'
import { type CaseData, dataForEach } from './host-for-each.ts'

/** A host that ends and is started again on the same data, with the plugin `demo`, and what its journal says meanwhile. */
export interface RestartedHost {
  readonly given: CaseData
  /** The host that was started last. */
  readonly harness: Harness
  readonly journal: Journal
  boot(): Promise<Harness>
  shutDown(): Promise<void>
  /** What should run of the plugin. */
  installed(): Promise<DesiredState>
  /** Rows as the host would have written them up to the moment at which it was killed. */
  writeRows(key: GenerationKey, states: readonly State[]): Promise<void>
  /** That the plugin itself tells. */
  version(): Promise<unknown>
  /** Of the package with that version in the store. */
  digestOf(version: string): Promise<string>
}

/** One for each case, without plugins. */
export function restartedHostForEach(): RestartedHost {
  let harness: Harness | undefined
  const shutDown = async () => {
    await harness?.stop()
    harness = undefined
  }
  const given = dataForEach(shutDown)
  const running = () => {
    if (harness) return harness
    throw new Error('No host runs.')
  }
  const journal = () => new Journal(given.data.core, { now: () => new Date() })
  return {
    given,
    get harness() {
      return running()
    },
    get journal() {
      return journal()
    },
    async boot() {
      harness = await Harness.start(given.data, { dataDir: given.dataDir, firstInstall: [] })
      return harness
    },
    shutDown,
    installed: async () => (await new DesiredStates(given.data.core).get('demo')) as DesiredState,
    async writeRows(key, states) {
      const [last] = await journal().of('demo', 1)
      for (const state of states) await journal().append(key, state, last?.token ?? 1)
    },
    version: async () => (await running().call('GET', '/api/plugins/demo/version')).json['version'],
    async digestOf(version) {
      const { json } = await running().call('GET', '/api/admin/plugins', { as: 'admin' })
      const packages = json['packages'] as { version: string; sha512: string }[]
      return packages.find((entry) => entry.version === version)?.sha512 as string
    },
  }
}

/** @param first code that its start begins with */
export function packDemo(version: string, first = ''): Promise<Buffer> {
  return packFixture({
    version,
    routes: [route('GET', '/version')],
    start: `${first}\ncontext.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })
}
