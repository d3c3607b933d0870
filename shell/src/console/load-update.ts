import type { FeedPlugin } from '../feed/feed.ts'
import type { PluginCatalogues } from '../i18n/catalogues.ts'
import type { RemoteLoader } from '../remotes/remote-loader.ts'
import type { SupervisorTools } from '../supervisor/supervised-unit.ts'
import { TimeLimitExceeded, withTimeLimit } from '../supervisor/time-limit.ts'

export interface UpdateParts {
  readonly loader: Pick<RemoteLoader, 'load'>
  readonly catalogues: Pick<PluginCatalogues, 'load'>
  readonly supervision: Pick<SupervisorTools, 'failures' | 'newIncidentId' | 'now' | 'report'>
}

/** Nobody waits for it: what is on screen goes on working meanwhile, also on a slow line. */
const limitMs = 60_000

/** Loads what of a new version takes the place of what is on screen. Rejects, and reports why, when something does not come. */
export async function loadUpdate(
  plugin: FeedPlugin,
  exposes: readonly string[],
  locale: string,
  { loader, catalogues, supervision }: UpdateParts,
): Promise<void> {
  const arrive = async (unit: string, work: () => Promise<unknown>) => {
    try {
      await withTimeLimit(limitMs, work)
    } catch (error) {
      supervision.report({
        id: supervision.newIncidentId(),
        plugin: plugin.id,
        version: plugin.version,
        unit,
        phase: error instanceof TimeLimitExceeded ? 'timeout' : 'load',
        message: error instanceof Error ? error.message : String(error),
        at: supervision.now().toISOString(),
        // The version on screen is not to blame.
        quarantined: supervision.failures.quarantined({ plugin: plugin.id, version: plugin.version }),
      })
      throw error
    }
  }
  await Promise.all([
    arrive('texts', () => catalogues.load(plugin, locale)),
    ...exposes.map((expose) => arrive(expose, () => loader.load(plugin, expose))),
  ])
}
