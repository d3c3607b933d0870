import { DisposableStore } from '@dcesop/sdk-plugin'
import type { Container } from 'inversify'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import { DatabaseClock } from '../data/database-clock.ts'
import { claimDataDirectory } from '../data/data-directory.ts'
import { EmbeddedEngine } from '../data/embedded-engine.ts'
import { MongoPlatform } from '../data/platform.ts'
import { FrontDoor } from '../http/front-door.ts'
import type { Accepting } from '../http/health.ts'
import { readDemoAccounts } from '../identity/demo-accounts.ts'
import type { HostLog } from '../observability/log.ts'
import type { PluginHost, PluginHostDeps } from '../plugins/host-types.ts'
import { readPolicyTable } from '../policy/read-table.ts'
import type { Clock } from '../ports.ts'
import { createContainer } from './container.ts'
import { coreRoutesOf, databaseProbe } from './core-routes.ts'
import { startDemoPrograms } from './demo-programs.ts'
import { part } from './part.ts'
import { pluginHostDeps } from './plugin-host-deps.ts'
import { prepareDirectory } from './prepare-directory.ts'
import { tokens } from './tokens.ts'
import { untilReady } from './until-ready.ts'

export interface HostOptions {
  readonly config: Config
  /** Folder that holds `config/` and `package.json`. */
  readonly root: string
  readonly log: HostLog
  readonly clock: Clock
  readonly createPluginHost: (deps: PluginHostDeps) => PluginHost | Promise<PluginHost>
}

export interface Host {
  readonly url: string
  readonly container: Container
  /** Readiness off, no new work, what is under way finishes, then everything stops in reverse order. Calling it twice is one stop. */
  stop(): Promise<void>
}

/** Starts config -> data -> identity -> plugins -> http -> demo programs; what was started is stopped again when a step fails. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { config, root, log, clock } = options
  const started = new DisposableStore()
  const accepting: Accepting = { accepting: false }
  let stopping: Promise<void> | undefined
  const stop = () => {
    accepting.accepting = false
    stopping ??= started.dispose()
    return stopping
  }
  try {
    started.add(await claimDataDirectory(config.data.directory))
    const data = await openData(config, log, started)
    const container = createContainer({ config, log, clock, data, policyTable: readPolicyTable(root) })
    started.add(part('sessions', log, () => container.get(tokens.sessions).close()))
    started.add(part('strangers', log, () => container.get(tokens.strangers).close()))
    await prepareDirectory(container, root)
    const shared = started.add(await DatabaseClock.follow(data.core, log))
    const plugins = await options.createPluginHost(pluginHostDeps(container, root, shared))
    container.bind(tokens.plugins).toConstantValue(plugins)
    started.add(part('plugins', log, () => plugins.stop()))
    const door = await openDoor(container, accepting, started)
    await plugins.start()
    const url = `http://127.0.0.1:${await door.listen()}`
    accepting.accepting = true
    const programs = await startDemoPrograms(config, url, readDemoAccounts(root), log)
    started.add(
      part('demo programs', log, async () => void (await Promise.all(programs.map((program) => program.stop())))),
    )
    await untilReady(url, log, () => stopping !== undefined)
    return { url, container, stop }
  } catch (error) {
    // What went wrong first is the story, also where it keeps something from being stopped.
    await stop().catch((err: unknown) => log.error({ err }, 'a start that failed could not be undone'))
    throw error
  }
}

async function openData(config: Config, log: HostLog, started: DisposableStore): Promise<MongoPlatform> {
  let uri = config.data.mongodbUri
  if (uri === null) {
    if (config.profile === 'production' && !config.data.allowEmbeddedInProduction) {
      throw new StartRefused(
        'The production profile needs a MongoDB: set MONGODB_URI, or DCESOP_ALLOW_EMBEDDED_DB=1 to accept the limits of the embedded engine.',
      )
    }
    const engine = new EmbeddedEngine(join(config.data.directory, 'db'), log)
    started.add(part('embedded engine', log, () => engine.stop()))
    uri = await engine.start()
    log.warn(
      { directory: config.data.directory },
      'on the embedded database: one process, no replication; not for production',
    )
  }
  const data = await MongoPlatform.connect({ uri, regions: config.regions, prefix: config.data.databasePrefix }).catch(
    (error: unknown) => {
      if (config.data.mongodbUri === null) throw error
      const said = error instanceof Error ? error.message : String(error)
      throw new StartRefused(`The MongoDB that MONGODB_URI names cannot be used: ${said}`)
    },
  )
  started.add(part('data', log, () => data.close()))
  return data
}

async function openDoor(container: Container, accepting: Accepting, started: DisposableStore): Promise<FrontDoor> {
  const realtime = container.get(tokens.realtime)
  const log = container.get(tokens.log)
  const door = await FrontDoor.create({
    config: container.get(tokens.config).http,
    authenticator: container.get(tokens.authenticator),
    policy: container.get(tokens.policy),
    audit: container.get(tokens.audit),
    strangers: container.get(tokens.strangers),
    limits: container.get(tokens.limits),
    database: databaseProbe(container),
    metrics: container.get(tokens.metrics),
    log,
    routes: coreRoutesOf(container, accepting),
    rawRoutes: container.get(tokens.plugins).dispatch,
  })
  realtime.attach(door.listener)
  started.add(part('front door', log, () => door.drain()))
  // Before the listener: it would wait for the sockets.
  started.add(part('realtime', log, () => realtime.close()))
  return door
}
