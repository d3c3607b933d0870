import { DisposableStore, type PluginContext, type RouteDefinition, type RouteShapes } from '@dcesop/sdk-plugin'
import { pairRoutes, Validators } from '@dcesop/sdk-plugin/http'
import type { Container } from 'inversify'
import type { GenerationKey } from '../journal/journal.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { runAs } from './attribution.ts'
import { createChildServer } from './child-server.ts'
import type { Generation } from './generation.ts'
import { InlineGeneration } from './inline-generation.ts'
import { createScope, handles, type HostPorts, type Scope } from './handles.ts'
import { loadPlugin } from './load-plugin.ts'
import { toHapiRoute } from './plugin-route.ts'

const defaultStartupMs = 10_000

/** Why a generation did not come up; `cause` is what the plugin threw, if it threw. */
export class StartFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StartFailure'
  }
}

/**
 * Loads a package, lets the plugin register what it needs within its time limit, and compares its routes with the manifest.
 * What comes back can serve but is not yet active. Whatever was registered by a start that failed is taken back.
 * @throws StartFailure
 */
export async function startGeneration(
  key: GenerationKey,
  opened: OpenedPackage,
  config: unknown,
  ports: HostPorts,
  parent: Container,
): Promise<Generation> {
  const { manifest } = opened
  const scope = createScope(parent, ports, manifest)
  const disposables = new DisposableStore()
  const routes: RouteDefinition<RouteShapes>[] = []
  const phase = { closed: false }
  const limitMs = manifest.backend?.health?.startupMs ?? defaultStartupMs
  try {
    const context = contextOf(opened, config, scope, disposables, routes, phase)
    await runAs({ plugin: key.plugin, version: key.version }, () =>
      timeLimited(limitMs, async () => loadPlugin(opened)?.start(context)),
    )
    await scope.data.indexesReady()
    const pairs = pairRoutes(key.plugin, routes, manifest.backend?.routes ?? [])
    const validators = new Validators()
    const owner = { plugin: key.plugin, version: key.version, audit: ports.audit }
    const server = await createChildServer(
      pairs.map((pair) => toHapiRoute(pair, owner, validators)),
      ports.log,
    )
    return new InlineGeneration({ key, opened, scope, server, disposables, routes: pairs, ports })
  } catch (error) {
    phase.closed = true
    await Promise.allSettled([disposables.dispose(), scope.container.unbindAllAsync()])
    throw error instanceof StartFailure
      ? error
      : new StartFailure(`Plugin "${key.plugin}" ${key.version} failed to start: ${messageOf(error)}`, error)
  } finally {
    phase.closed = true
  }
}

function contextOf(
  { manifest }: OpenedPackage,
  config: unknown,
  { container }: Scope,
  disposables: DisposableStore,
  routes: RouteDefinition<RouteShapes>[],
  phase: { closed: boolean },
): PluginContext {
  return {
    id: manifest.id,
    version: manifest.version,
    config,
    log: container.get(handles.log),
    clock: container.get(handles.clock),
    data: container.get(handles.data),
    events: container.get(handles.events),
    realtime: container.get(handles.realtime),
    jobs: container.get(handles.jobs),
    capabilities: container.get(handles.capabilities),
    route(definition) {
      if (phase.closed)
        throw new Error(
          `Plugin "${manifest.id}" registers ${definition.method} ${definition.path} after its start; routes are fixed then.`,
        )
      routes.push(definition as RouteDefinition<RouteShapes>)
    },
    onStop: (disposable) => void disposables.add(disposable),
  }
}

async function timeLimited(limitMs: number, work: () => Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new StartFailure(`The plugin did not finish its start within ${limitMs} ms.`)),
    limitMs,
  )
  try {
    await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
