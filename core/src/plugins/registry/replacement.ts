import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { because, type Reason } from '../journal/reasons.ts'
import type { Catalogue, CatalogueEntry } from '../store/catalogue.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { FollowedChannels } from './followed-channels.ts'
import type { Installer } from './installer.ts'
import type { Planner } from './planner.ts'

/** The package that serves now, or why there is none. */
export type ReplacementOutcome = { readonly put: CatalogueEntry } | { readonly why: Reason }

export interface ReplacementParts {
  readonly planner: Planner
  readonly channels: FollowedChannels
  readonly installer: Installer
  readonly operations: Operations
  readonly catalogue: Catalogue
}

/** Starts an allowed version in the place of one that must not run: what the plan says, else what is in the store. @throws Problem 409 `plugin_busy` */
export async function replace(
  { manifest: { id, version } }: CatalogueEntry,
  { planner, channels, installer, operations, catalogue }: ReplacementParts,
): Promise<ReplacementOutcome> {
  const channel = await channels.of(id)
  const candidates = [...(await planned(planner, id, version, channel)), ...(await stored(catalogue, id, version))]
  let why = because('no_replacement')
  for (const candidate of new Set(candidates)) {
    try {
      const start = () => operations.upgrade(id, { version: candidate })
      const [put] = await installer.change({
        verb: 'upgrade',
        plugin: id,
        version: candidate,
        channel,
        with: [],
        start,
      })
      if (put) return { put }
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'plugin_busy') throw error
      why = because('replacement_failed', { version: candidate, detail: error.detail })
    }
  }
  return { why }
}

/** What the registry's resolver would have. */
async function planned(planner: Planner, id: string, version: string, channel: string): Promise<string[]> {
  try {
    const plan = await planner.plan({ install: [{ plugin: id, range: '*', channel }] })
    const step = plan.ok ? plan.steps.find(({ plugin }) => plugin === id) : undefined
    return step && step.version !== version ? [step.version] : []
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}

/** Newer versions that were verified before, newest first: there may be no registry to ask. */
async function stored(catalogue: Catalogue, id: string, version: string): Promise<string[]> {
  const entries = (await catalogue.list()).filter(({ manifest, evidence }) => manifest.id === id && evidence)
  return entries.map(({ manifest }) => manifest.version).filter((other) => semver.gt(other, version))
}
