import type { Log } from '@dcesop/sdk-plugin'
import type { GivenConfig } from '@dcesop/sdk-plugin/host'
import type { RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import type { Container } from 'inversify'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename } from 'node:path'
import type { Call } from '../generation/call.ts'
import { createScope, type HostPorts, type Scope } from '../generation/handles.ts'
import { startupMsOf } from '../generation/run-plugin.ts'
import { because, type Reason, ReasonedError, together } from '../journal/reasons.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { Broker } from './broker.ts'
import type { ControlGroup, ControlGroups } from './control-groups.ts'
import { forward } from './forward.ts'
import type { Launched, Launcher } from './launcher/launcher.ts'
import { KeptLog } from './kept-log.ts'
import { limitsOf } from './limits.ts'
import { OpenCalls } from './open-calls.ts'
import { launchRunner, PluginProcess } from './plugin-process.ts'
import { PluginSockets } from './plugin-sockets.ts'
import { makePrivateFolder } from './private-folder.ts'
import type { Init, StartedRoutes, Times } from './protocol.ts'
import type { Sandbox } from './sandbox.ts'
import { startedRoutes } from './started-routes.ts'
import { whetherEnded } from './whether-ended.ts'

export interface IncarnationParts {
  readonly opened: OpenedPackage
  readonly config: GivenConfig
  readonly ports: HostPorts
  readonly parent: Container
  readonly launcher: Launcher
  readonly sandbox: Sandbox
  readonly groups: ControlGroups
  /** Bound to the plugin. */
  readonly log: Log
}

/** Node itself and the program have to be read first, also on a machine that is busy. */
const launchMs = 30_000
/** What the plugin has for its own disposables. */
const farewellMs = 8_000

/** One run of a plugin's process, with everything that the host holds for it. A process that ended is followed by another one. */
export class Incarnation {
  readonly scope: Scope
  /** Resolves with the reason when the process has ended, however it did. */
  readonly ended: Promise<Reason>
  routes: StartedRoutes = []
  readonly #parts: IncarnationParts
  readonly #folder: string
  readonly #group: ControlGroup
  readonly #key = randomBytes(16).toString('hex')
  readonly #calls = new OpenCalls()
  readonly #agent = new Agent({ keepAlive: true })
  readonly #broker: Broker
  readonly #process: PluginProcess
  readonly #sockets: PluginSockets
  readonly #log: KeptLog
  readonly #tellAvailable = () => this.#broker.tellAvailable()

  private constructor(parts: IncarnationParts, folder: string, group: ControlGroup, launched: Launched) {
    const { opened, ports, parent } = parts
    const { manifest } = opened
    const log = (this.#log = new KeptLog(parts.log))
    this.#parts = parts
    this.#folder = folder
    this.#group = group
    this.scope = createScope(parent, ports, manifest)
    this.#sockets = new PluginSockets(folder, { manifest, ports, key: this.#key, log })
    const peer = () => this.#process.peer
    this.#broker = new Broker({ manifest, scope: this.scope, ports, calls: this.#calls, log, peer })
    this.#process = new PluginProcess({
      launched,
      group,
      limits: limitsOf(manifest),
      handlers: this.#broker.handlers,
      log,
      times: () => this.#times(),
      beat: () => this.#beat(),
    })
    this.ended = this.#process.ended.then(async (why) => {
      await this.#release()
      return why
    })
  }

  /** @param stopping ends the start @throws what kept the plugin from its start; its process is gone then */
  static async start(parts: IncarnationParts, stopping?: AbortSignal): Promise<Incarnation> {
    const folder = await makePrivateFolder()
    const group = await openGroup(parts.groups, folder)
    const incarnation = new Incarnation(parts, folder, group, await launch(parts, folder, group))
    const stop = () => incarnation.#process.kill(because('process_stopped'))
    stopping?.addEventListener('abort', stop)
    try {
      stopping?.throwIfAborted()
      await incarnation.#start()
      return incarnation
    } catch (error) {
      stop()
      await incarnation.ended
      throw error
    } finally {
      stopping?.removeEventListener('abort', stop)
    }
  }

  /** False as soon as the process has ended, while what the host holds for it is still given back. */
  get isRunning(): boolean {
    return this.#process.isRunning
  }

  get pid(): number {
    return this.#process.pid
  }

  forward(request: IncomingMessage, response: ServerResponse, call: Call, declaration: RouteDeclaration): void {
    this.#calls.add(call)
    response.once('close', () => this.#calls.end(call.traceId))
    const { opened } = this.#parts
    const log = this.#log
    forward(request, response, call, declaration, {
      plugin: opened.manifest.id,
      agent: this.#agent,
      socketPath: this.#sockets.requests,
      key: this.#key,
      log,
      ends: () => whetherEnded(this.#process),
    })
  }

  /** Lets the plugin dispose what it has, then ends its process. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill(because('process_stopped')), farewellMs)
    try {
      await this.#process.peer.call('stop')
    } finally {
      clearTimeout(timer)
      this.#process.kill(because('process_stopped'))
      await this.ended
    }
  }

  async #start(): Promise<void> {
    const { opened, config, ports } = this.#parts
    const { manifest, files } = opened
    const init: Init = {
      manifest,
      code: files.get(manifest.backend?.entry ?? '') ?? Buffer.alloc(0),
      config,
      key: this.#key,
      requests: this.#sockets.requests,
      data: await this.#sockets.openData(),
      egress: await this.#sockets.openEgress(),
      times: this.#times(),
      available: this.#broker.available(),
    }
    const limitMs = launchMs + startupMsOf(opened)
    const timer = setTimeout(() => this.#process.kill(because('process_late', { limitMs })), limitMs)
    const died = this.#process.ended.then((why) =>
      Promise.reject(new ReasonedError(together(' ', because('process_ended'), why))),
    )
    // The end of a process tells more than that of its channel, which comes before.
    const answer = this.#process.peer.call('start', init).catch((error: unknown) => {
      if (this.#process.peer.isClosed) return died
      throw error
    })
    try {
      this.routes = startedRoutes(await Promise.race([answer, died]))
      await this.#process.started()
    } finally {
      clearTimeout(timer)
    }
    ports.capabilities.watch.on('changed', this.#tellAvailable)
    this.#tellAvailable()
  }

  #times(): Times {
    const { clock, events } = this.#parts.ports
    return { now: clock.now(), events: events.outbox.ids.now() }
  }

  #beat(): void {
    this.#broker.beat()
    this.#log.beat()
    this.#calls.turn()
  }

  async #release(): Promise<void> {
    const { ports, log } = this.#parts
    ports.capabilities.watch.off('changed', this.#tellAvailable)
    ports.capabilities.deactivate(this.scope.implementations)
    this.#agent.destroy()
    this.#sockets.close()
    const results = await Promise.allSettled([
      this.scope.activation.end(),
      this.scope.container.unbindAllAsync(),
      rm(this.#folder, { recursive: true, force: true }),
      this.#group.remove(),
    ])
    for (const result of results)
      if (result.status === 'rejected')
        log.error({ err: result.reason as unknown }, 'a part of the plugin did not stop cleanly')
  }
}

/** @throws what kept the group from being opened; the folder is gone then */
async function openGroup(groups: ControlGroups, folder: string): Promise<ControlGroup> {
  try {
    return await groups.open(basename(folder))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** @throws what kept the process from being started; folder and group are gone then */
async function launch(parts: IncarnationParts, folder: string, group: ControlGroup): Promise<Launched> {
  const { launcher, sandbox, opened, log } = parts
  try {
    return await launchRunner({ launcher, sandbox, group, limits: limitsOf(opened.manifest), folder, log })
  } catch (error) {
    await Promise.all([rm(folder, { recursive: true, force: true }), group.remove()])
    throw error
  }
}
