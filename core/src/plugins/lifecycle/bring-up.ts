import { Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { PackageError } from '@dcesop/sdk-plugin/package'
import type { Generation } from '../generation/generation.ts'
import { startGeneration } from '../generation/start-generation.ts'
import { portsIn } from '../generation/ports-in.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, ReasonedError, reasonOf, together } from '../journal/reasons.ts'
import { bringUpSteps, isBeforeCode, mayFollow, type State } from '../journal/states.ts'
import { isolatedStep } from '../migrations/isolated-step.ts'
import { expand } from '../migrations/migrate.ts'
import { resolve } from '../resolver/resolve.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { Barred } from './barred.ts'
import { manifestsBeside } from './dependants.ts'
import { mainRegions } from './lanes.ts'
import { isLive } from './live.ts'
import type { LifecycleParts } from './parts.ts'
import { configFor } from './plugin-config.ts'

/** A generation did not get as far as serving; the journal has the row. */
export class BringUpFailure extends ReasonedError {
  readonly state: State
  readonly key: GenerationKey

  constructor(key: GenerationKey, state: State, cause: unknown) {
    super(reasonOf(cause), cause)
    this.name = 'BringUpFailure'
    this.key = key
    this.state = state
  }

  /** Answer for the administrator who asked for it. */
  toProblem({ plugin, version }: GenerationKey = this.key): Problem {
    const barred = this.cause instanceof Barred
    const code = barred ? 'plugin_barred' : this.state === 'REJECTED' ? 'plugin_rejected' : 'plugin_start_failed'
    return new Problem(barred ? 409 : 422, code, this.message, {
      cause: this,
      extensions: { plugin, version, state: this.state, causes: this.why.causes ?? [] },
    })
  }
}

const path: readonly State[] = bringUpSteps
/** States from which only the start has to be done again. */
const known: readonly State[] = ['STARTING', 'READY', 'CANARY', 'ACTIVE', 'DEGRADED', 'STOPPED']

/**
 * Takes a generation from where its journal stands to READY. Every check is done each time, each step is written once; so a
 * generation that the host left half way goes on from there.
 * @param token undefined on a host that follows another: the rows and the migrations are the other's
 * @param first why, for the first row; undefined where none is written
 * @param regions that it is for; those without a state of their own when left out
 * @throws BringUpFailure after writing REJECTED or FAILED
 */
export async function bringUp(
  parts: LifecycleParts,
  key: GenerationKey,
  token: number | undefined,
  first: Reason | undefined,
  regions?: readonly string[],
): Promise<Generation> {
  const slot = parts.slots.get(key.plugin)
  const quiet = token === undefined || isLive(slot, { key })
  const ports = portsIn(parts.ports, regions ?? (await mainRegionsOf(parts, key.plugin)))
  let state = await parts.journal.state(key)
  let done =
    state === undefined
      ? -1
      : isBeforeCode(state)
        ? path.indexOf(state)
        : known.includes(state)
          ? path.indexOf('EXPANDING')
          : -1
  let why = first
  const mark = async (to: State, evidence?: object) => {
    if (path.indexOf(to) <= done) return
    if (!quiet) await parts.journal.append(key, to, token, why, evidence)
    if (!slot?.active && !regions && token !== undefined) slot?.show(key.version, to, why)
    why = undefined
    done = path.indexOf(to)
    state = to
  }
  try {
    const entry = await parts.catalogue.byDigest(key.digest)
    if (!entry) throw new ReasonedError(because('package_missing', { plugin: key.plugin, version: key.version }))
    const barrier = await parts.barrierOf(entry)
    if (barrier !== undefined) throw new Barred(barrier)
    await requireResolvable(parts, entry.manifest, ports.data.regions)
    await mark('RESOLVED')
    const proof = evidenceOf(entry)
    await mark('FETCHED', proof.fetched)
    const opened = await openSound(parts, entry)
    await mark('VERIFIED', proof.verified)
    await mark('APPROVED', proof.approved)
    const config = parts.configOf(opened.manifest, await parts.settings.of(key))
    await mark('STAGED')
    await mark('EXPANDING')
    if (token !== undefined)
      await expand(opened, {
        data: ports.data,
        clock: parts.clock,
        isolated: isolatedStep(parts.ports, parts.container, opened),
      })
    await mark('STARTING')
    await ports.secrets.givenAtStart(opened.manifest)
    const generation = await startGeneration(key, opened, configFor(config, ports.data.regions), ports, parts.container)
    await markReady(generation, mark)
    return generation
  } catch (error) {
    const end = endOf(state, error)
    const failure = new BringUpFailure(key, end, error)
    // What was in quarantine stays there, and has its row.
    if (!quiet && (state !== end || mayFollow(state, end))) await parts.journal.append(key, end, token, failure.why)
    if (!slot?.active && !regions) slot?.show(key.version, end, failure.why)
    parts.log.error({ err: error, plugin: key.plugin, version: key.version, state: end }, 'plugin did not come up')
    throw failure
  }
}

/** @throws ReasonedError for a package that is not as it was put */
async function openSound({ store }: LifecycleParts, { digest, listHash }: CatalogueEntry): Promise<OpenedPackage> {
  try {
    return await store.open(digest, listHash)
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    throw new ReasonedError(because('package_damaged', { detail: error.message }), error)
  }
}

function endOf(state: State | undefined, error: unknown): State {
  if (error instanceof Barred && (state === 'QUARANTINED' || mayFollow(state, 'QUARANTINED'))) return 'QUARANTINED'
  return mayFollow(state, 'REJECTED') ? 'REJECTED' : 'FAILED'
}

/** What each step relied on, when the package came from a registry. */
function evidenceOf({ digest, evidence }: CatalogueEntry) {
  if (!evidence) return {}
  const { package: name, registry, integrity, keyList, snapshot, packageKey, publisherKeys, approvals } = evidence
  return {
    fetched: { package: name, registry, integrity },
    verified: { sha512: digest, keyList, snapshot, packageKey, publisherKeys },
    approved: { snapshot, approvals },
  }
}

async function markReady(generation: Generation, mark: (to: State) => Promise<void>): Promise<void> {
  try {
    await mark('READY')
  } catch (error) {
    await generation.stop()
    throw error
  }
}

/** Holds the manifest against what else should run. @throws Error with the explanations */
async function requireResolvable(
  parts: LifecycleParts,
  manifest: PluginManifest,
  regions: readonly string[],
): Promise<void> {
  for (const region of regions) {
    const others = await manifestsBeside(parts, manifest.id, region)
    const candidates = new Map([...others, manifest].map((candidate) => [candidate.id, candidate]))
    const { refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
    const own = refusals.filter((refusal) => refusal.plugin === manifest.id)
    if (own.length > 0) throw new ReasonedError(together(' ', ...own.map(({ why }) => why)))
  }
}

async function mainRegionsOf(parts: LifecycleParts, plugin: string): Promise<string[]> {
  return mainRegions(parts, (await parts.desired.get(plugin)) ?? {})
}
