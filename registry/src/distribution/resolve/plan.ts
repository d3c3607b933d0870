import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { Candidate, Candidates } from './candidates.ts'
import { PluginPuzzle, type Question } from './puzzle.ts'
import { because, type Reason } from './reasons.ts'
import { type Incompatibility, reasonsOf, Solver } from './solver.ts'

export interface Step {
  readonly action: 'keep' | 'install' | 'upgrade' | 'downgrade' | 'remove'
  readonly plugin: string
  readonly version: string
  readonly from: string | null
}

export interface Degradation {
  readonly plugin: string
  readonly capability: string
  readonly degrade: string
}

export type Resolution =
  | { readonly ok: true; readonly steps: readonly Step[]; readonly degraded: readonly Degradation[] }
  | { readonly ok: false; readonly conflict: readonly Reason[] }

/** What to do, providers first, or why it cannot be done. The same question has the same answer. */
export function resolvePlan(candidates: Candidates, question: Question): Resolution {
  const chosenOf = (chosen: ReadonlyMap<string, number>): Candidate[] =>
    [...chosen].flatMap(([variable, index]) => candidates.find(variable)?.versions[index] ?? [])
  const outcome = new Solver(new PluginPuzzle(candidates, question)).solve((chosen) =>
    loopIn(chosenOf(chosen), candidates),
  )
  if (!outcome.ok) return { ok: false, conflict: reasonsOf(outcome.conflict) }
  const all = chosenOf(outcome.chosen)
  const steps = startOrder(all).map(({ plugin, version }): Step => {
    const from = question.installed.get(plugin) ?? null
    const action =
      from === null ? 'install' : from === version ? 'keep' : semver.gt(version, from) ? 'upgrade' : 'downgrade'
    return { action, plugin, version, from }
  })
  const removed = question.remove.flatMap((plugin): Step[] => {
    const from = question.installed.get(plugin)
    return from === undefined ? [] : [{ action: 'remove', plugin, version: from, from }]
  })
  return {
    ok: true,
    steps: [...removed, ...steps],
    degraded: all.flatMap(({ manifest }) => degradations(manifest, all)),
  }
}

/** Plugins that wait for each other never start. */
function loopIn(chosen: readonly Candidate[], candidates: Candidates): Incompatibility<Reason> | undefined {
  const waiting = new Map(chosen.map((candidate) => [candidate.plugin, candidate]))
  for (const candidate of startOrder(chosen)) waiting.delete(candidate.plugin)
  if (waiting.size === 0) return undefined
  const loop = [...waiting.values()]
  return {
    terms: new Map(
      loop.map(({ plugin, version }) => {
        const index = candidates.find(plugin)?.versions.findIndex((other) => other.version === version) as number
        return [plugin, { positive: true, choices: 1n << BigInt(index) }]
      }),
    ),
    cause: because('cycle', { loop: loop.map(({ plugin, version }) => `${plugin} ${version}`) }),
  }
}

/** Providers before those who need them, otherwise by id; leaves out what waits for itself. */
function startOrder(chosen: readonly Candidate[]): Candidate[] {
  const providers = new Map(
    chosen.flatMap((candidate) =>
      Object.keys(candidate.manifest.provides ?? {}).map((name) => [name, candidate] as const),
    ),
  )
  const waitsFor = new Map(
    chosen.map((candidate) => {
      const needed = (candidate.manifest.consumes ?? [])
        .filter(({ optional }) => optional !== true)
        .flatMap(({ capability }) => providers.get(capability)?.plugin ?? [])
      return [candidate.plugin, new Set(needed.filter((plugin) => plugin !== candidate.plugin))]
    }),
  )
  const order: Candidate[] = []
  const rest = chosen.toSorted((left, right) => (left.plugin < right.plugin ? -1 : 1))
  for (;;) {
    const at = rest.findIndex(({ plugin }) => waitsFor.get(plugin)?.size === 0)
    const [next] = at < 0 ? [] : rest.splice(at, 1)
    if (!next) return order
    for (const waiting of waitsFor.values()) waiting.delete(next.plugin)
    order.push(next)
  }
}

function degradations({ id, consumes }: PluginManifest, chosen: readonly Candidate[]): Degradation[] {
  return (consumes ?? []).flatMap(({ optional, capability, range, degrade = 'hide' }) => {
    if (optional !== true) return []
    const offers = chosen.map(({ manifest }) => manifest.provides?.[capability])
    const fits = offers.some((offer) => typeof offer === 'string' && semver.satisfies(offer, range))
    return fits ? [] : [{ plugin: id, capability, degrade }]
  })
}
