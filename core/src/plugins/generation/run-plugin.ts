import type { DisposableStore, PluginContext, RouteDefinition, RouteShapes } from '@dcesop/sdk-plugin'
import { pairRoutes, type PluginRoute } from '@dcesop/sdk-plugin/http'
import { because, type Reason, ReasonedError } from '../journal/reasons.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { runAs } from './attribution.ts'
import { loadPlugin } from './load-plugin.ts'

const defaultStartupMs = 10_000

/** Why a generation did not come up; `cause` is what the plugin threw, if it threw. */
export class StartFailure extends ReasonedError {
  constructor(why: Reason, cause?: unknown) {
    super(why, cause)
    this.name = 'StartFailure'
  }
}

/** What a plugin is given beside its own registrations. */
export type PluginHandles = Omit<PluginContext, 'id' | 'version' | 'route' | 'onStop'>

/** How long a plugin may take to start, ms. */
export function startupMsOf({ manifest }: Pick<OpenedPackage, 'manifest'>): number {
  return manifest.backend?.health?.startupMs ?? defaultStartupMs
}

/**
 * Loads a package and lets the plugin register what it needs within its time limit.
 * @param disposables gets what the plugin wants to be disposed at its stop, also when the start fails
 * @returns its routes, equal to those of the manifest
 */
export async function runPlugin(
  opened: Pick<OpenedPackage, 'manifest' | 'files'>,
  handles: PluginHandles,
  disposables: DisposableStore,
): Promise<PluginRoute[]> {
  const { id, version, backend } = opened.manifest
  const routes: RouteDefinition<RouteShapes>[] = []
  const phase = { closed: false }
  const context: PluginContext = {
    ...handles,
    id,
    version,
    route(definition) {
      if (phase.closed)
        throw new Error(
          `Plugin "${id}" registers ${definition.method} ${definition.path} after its start; routes are fixed then.`,
        )
      routes.push(definition as RouteDefinition<RouteShapes>)
    },
    onStop: (disposable) => void disposables.add(disposable),
  }
  try {
    await runAs({ plugin: id, version }, () =>
      timeLimited(startupMsOf(opened), async () => loadPlugin(opened)?.start(context)),
    )
    return pairRoutes(id, routes, backend?.routes ?? [])
  } finally {
    phase.closed = true
  }
}

async function timeLimited(limitMs: number, work: () => Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new StartFailure(because('start_late', { limitMs }))), limitMs)
  try {
    await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
