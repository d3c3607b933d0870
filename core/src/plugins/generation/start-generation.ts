import { DisposableStore } from '@dcesop/sdk-plugin'
import { configIn, type GivenConfig } from '@dcesop/sdk-plugin/host'
import type { Container } from 'inversify'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, ReasonedError, together } from '../journal/reasons.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import type { Generation } from './generation.ts'
import { createScope, handles, type HostPorts } from './handles.ts'
import { InlineGeneration } from './inline-generation.ts'
import { runPlugin, StartFailure } from './run-plugin.ts'
import { serveRoutes } from './serve-routes.ts'

/**
 * Starts a package in the host's process, or in one of its own where its manifest or the operator asks for that. What comes back
 * can serve but is not yet active. Whatever was registered by a start that failed is taken back.
 * @throws StartFailure
 */
export async function startGeneration(
  key: GenerationKey,
  opened: OpenedPackage,
  config: GivenConfig,
  ports: HostPorts,
  parent: Container,
): Promise<Generation> {
  try {
    return ports.processes.takes(opened.manifest)
      ? await ports.processes.start(key, opened, config, ports, parent)
      : await startInline(key, opened, config, ports, parent)
  } catch (thrown) {
    const error = ports.secrets.hide(thrown)
    throw error instanceof StartFailure ? error : new StartFailure(whyOf(key, error), error)
  }
}

async function startInline(
  key: GenerationKey,
  opened: OpenedPackage,
  config: GivenConfig,
  ports: HostPorts,
  parent: Container,
): Promise<Generation> {
  const scope = createScope(parent, ports, opened.manifest)
  const { container, data } = scope
  const disposables = new DisposableStore()
  try {
    const given = {
      config: config.value,
      configOf: configIn(config),
      log: container.get(handles.log),
      clock: container.get(handles.clock),
      data: container.get(handles.data),
      events: container.get(handles.events),
      realtime: container.get(handles.realtime),
      jobs: container.get(handles.jobs),
      capabilities: container.get(handles.capabilities),
      secrets: container.get(handles.secrets),
    }
    const routes = await runPlugin(opened, given, disposables)
    await data.indexesReady()
    const server = await serveRoutes(routes, key, ports)
    return new InlineGeneration({ key, opened, scope, server, disposables, routes, ports })
  } catch (error) {
    await Promise.allSettled([disposables.dispose(), container.unbindAllAsync()])
    throw error
  }
}

function whyOf({ plugin, version }: GenerationKey, error: unknown): Reason {
  if (error instanceof ReasonedError) return together(' ', because('not_started', { plugin, version }), error.why)
  return because('start_failed', { plugin, version, detail: error instanceof Error ? error.message : String(error) })
}
