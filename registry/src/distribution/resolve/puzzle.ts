import semver from 'semver'
import type { Candidate, Candidates, PluginChoices } from './candidates.ts'
import { because, type Reason } from './reasons.ts'
import type { Incompatibility, Puzzle } from './solver.ts'
import { allOf, type Choices, choicesOf, merged, type Term } from './term.ts'

/** Versions of what runs the plugins. */
export interface Engines {
  readonly dcesop: string
  readonly sdk: string
  readonly node: string
}

export interface Question {
  readonly engines: Engines
  /** Version by plugin. */
  readonly installed: ReadonlyMap<string, string>
  readonly install: readonly { readonly plugin: string; readonly range: string }[]
  readonly remove: readonly string[]
}

/** Whether a version fits, a plugin has none that does, or there is no such plugin: the ending of a reason's code. */
type Fitting = '' | '_none' | '_unknown'

const root = '(wish)'

function capabilityVariable(capability: string): string {
  return `capability ${capability}`
}

/** The rules of what can run together, as the solver wants them. A capability is a variable, too: the plugin that provides it. */
export class PluginPuzzle implements Puzzle<Reason> {
  readonly root = root
  readonly #candidates: Candidates
  readonly #question: Question

  constructor(candidates: Candidates, question: Question) {
    this.#candidates = candidates
    this.#question = question
  }

  preference(variable: string): readonly number[] {
    if (variable === root) return [0]
    const { installed, install } = this.#question
    if (variable.startsWith('capability ')) {
      const providers = this.#candidates.providers(variable.slice('capability '.length))
      return indexes(providers).sort(
        (left, right) =>
          Number(installed.has(providers[right] as string)) - Number(installed.has(providers[left] as string)) ||
          left - right,
      )
    }
    const versions = this.#candidates.find(variable)?.versions ?? []
    // What somebody asks for is brought up to date; the rest stays as it is where it can.
    const kept = install.some(({ plugin }) => plugin === variable) ? undefined : installed.get(variable)
    return indexes(versions).sort(
      (left, right) =>
        Number(versions[right]?.version === kept) - Number(versions[left]?.version === kept) || left - right,
    )
  }

  rulesOf(variable: string): readonly Incompatibility<Reason>[] {
    if (variable === root) return this.#wishes()
    if (variable.startsWith('capability ')) return this.#provision(variable.slice('capability '.length))
    const choices = this.#candidates.find(variable)
    return choices ? this.#rulesOfPlugin(choices) : []
  }

  #wishes(): Incompatibility<Reason>[] {
    const { installed, install, remove } = this.#question
    const wish: [string, Term] = [root, { positive: true, choices: 1n }]
    const wanted = install.map(({ plugin, range }) =>
      this.#needs([wish], plugin, range, (fitting) => because(`wish${fitting}`, { plugin, range })),
    )
    const kept = [...installed.keys()]
      .filter((plugin) => !remove.includes(plugin) && !install.some((entry) => entry.plugin === plugin))
      .map((plugin) =>
        this.#needs([wish], plugin, '*', (fitting) =>
          because(fitting === '' ? 'installed' : 'installed_unknown', { plugin }),
        ),
      )
    const removed = remove.flatMap((plugin) => {
      const all = this.#candidates.find(plugin)
      if (!all) return []
      const cause = because('removed', { plugin })
      return [{ terms: new Map([wish, [plugin, { positive: true, choices: allOf(all.versions.length) }]]), cause }]
    })
    return [...wanted, ...kept, ...removed]
  }

  #rulesOfPlugin({ plugin, versions }: PluginChoices): Incompatibility<Reason>[] {
    const rules: Incompatibility<Reason>[] = []
    /** One rule for all versions that say the same. */
    const each = <Saying>(
      sayings: (candidate: Candidate) => readonly Saying[],
      rule: (saying: Saying, term: [string, Term], numbers: readonly string[]) => Incompatibility<Reason>[],
    ) => {
      const said = new Map<string, number[]>()
      versions.forEach((candidate, index) => {
        for (const saying of sayings(candidate)) {
          const key = JSON.stringify(saying)
          said.set(key, [...(said.get(key) ?? []), index])
        }
      })
      for (const [key, at] of said)
        rules.push(
          ...rule(
            JSON.parse(key) as Saying,
            [plugin, { positive: true, choices: choicesOf(at) }],
            at.map((index) => versions[index]?.version as string),
          ),
        )
    }
    // What is installed may stay, unless it is dangerous or unlawful.
    const stays = ({ version, expelled }: Candidate) =>
      expelled !== true && this.#question.installed.get(plugin) === version
    each(
      (candidate) => (candidate.barred === undefined || stays(candidate) ? [] : [candidate.barred]),
      ({ code, ...barrier }, term, numbers) => [
        { terms: new Map([term]), cause: because(code, { ...barrier, plugin, versions: numbers }) },
      ],
    )
    each(
      (candidate) => this.#engineFaults(candidate),
      (fault, term, numbers) => [
        { terms: new Map([term]), cause: because('engine', { ...fault, plugin, versions: numbers }) },
      ],
    )
    each(
      ({ manifest }) =>
        (manifest.consumes ?? [])
          .filter(({ optional }) => optional !== true)
          .map(({ capability, range }) => ({ capability, range })),
      ({ capability, range }, term, numbers) => this.#consumption(plugin, term, numbers, capability, range),
    )
    each(
      ({ manifest }) => [...(manifest.regions?.requires ?? [])],
      (saying, term, numbers) => {
        const [, other = saying, range = '*'] = /^([^@]+)@(.+)$/.exec(saying) ?? []
        const params = { plugin, versions: numbers, other, range }
        return [this.#needs([term], other, range, (fitting) => because(`requires${fitting}`, params))]
      },
    )
    each(
      ({ manifest }) => Object.keys(manifest.provides ?? {}),
      (capability, term, numbers) => {
        const provider = this.#candidates.providers(capability).indexOf(plugin)
        const other: Term = { positive: false, choices: 1n << BigInt(provider) }
        const cause = because('provides_once', { plugin, versions: numbers, capability })
        return [{ terms: new Map([term, [capabilityVariable(capability), other]]), cause }]
      },
    )
    each(
      ({ manifest }) => manifest.conflicts ?? [],
      (conflict, term, numbers) => this.#conflict(plugin, term, numbers, conflict),
    )
    return rules
  }

  #engineFaults({ manifest }: Candidate): { engine: string; range: string; present: string }[] {
    const { engines } = this.#question
    return (['dcesop', 'sdk', 'node'] as const).flatMap((engine) => {
      const range = manifest.engines[engine]
      if (range === undefined || semver.satisfies(engines[engine], range, { includePrerelease: true })) return []
      return [{ engine, range, present: engines[engine] }]
    })
  }

  /** Somebody provides it, and in a version that fits. */
  #consumption(
    plugin: string,
    term: [string, Term],
    numbers: readonly string[],
    capability: string,
    range: string,
  ): Incompatibility<Reason>[] {
    const providers = this.#candidates.providers(capability)
    const fitting = providers.map((provider) => this.#candidates.providing(provider, capability, range))
    const able = indexes(providers).filter((index) => fitting[index] !== 0n)
    const need = { plugin, versions: numbers, capability, range }
    const offered =
      able.length > 0
        ? because('consumes', { ...need, providers: able.map((index) => providers[index] as string) })
        : providers.length > 0
          ? because('consumes_none', { ...need, providers })
          : because('consumes_unknown', need)
    const some: [string, Term] = [capabilityVariable(capability), { positive: false, choices: choicesOf(able) }]
    const terms = able.length > 0 ? new Map([term, some]) : new Map([term])
    const each = able.map((index): Incompatibility<Reason> => {
      const provider = providers[index] as string
      const choices = fitting[index] as Choices
      const chosen: [string, Term] = [capabilityVariable(capability), { positive: true, choices: 1n << BigInt(index) }]
      return {
        // A plugin may consume what it provides itself.
        terms: merged([term, chosen, [provider, { positive: false, choices }]]),
        cause: because('consumes_from', {
          ...need,
          provider,
          providerVersions: this.#candidates.numbers(provider, choices),
        }),
      }
    })
    return [{ terms, cause: offered }, ...each]
  }

  /** Whoever is chosen to provide a capability is there, in a version that does. */
  #provision(capability: string): Incompatibility<Reason>[] {
    return this.#candidates.providers(capability).map((provider, index) => {
      const choices = this.#candidates.providing(provider, capability, '*')
      const versions = this.#candidates.numbers(provider, choices)
      const chosen: [string, Term] = [capabilityVariable(capability), { positive: true, choices: 1n << BigInt(index) }]
      return {
        terms: new Map([chosen, [provider, { positive: false, choices }]]),
        cause: because('provides', { plugin: provider, versions, capability }),
      }
    })
  }

  #conflict(
    plugin: string,
    term: [string, Term],
    numbers: readonly string[],
    { plugin: other, capability, range, reason }: Conflict,
  ): Incompatibility<Reason>[] {
    const others = other !== undefined ? [other] : this.#candidates.providers(capability ?? '')
    return others.flatMap((id) => {
      const choices =
        other !== undefined
          ? this.#candidates.within(id, range)
          : this.#candidates.providing(id, capability as string, range)
      if (id === plugin || choices === 0n) return []
      const about = { other: id, otherVersions: this.#candidates.numbers(id, choices), why: reason }
      const cause = because('conflict', { plugin, versions: numbers, ...about })
      return [{ terms: new Map([term, [id, { positive: true, choices }]]), cause }]
    })
  }

  #needs(
    when: [string, Term][],
    plugin: string,
    range: string,
    reason: (fitting: Fitting) => Reason,
  ): Incompatibility<Reason> {
    const choices = this.#candidates.within(plugin, range)
    if (choices === 0n)
      return { terms: new Map(when), cause: reason(this.#candidates.find(plugin) ? '_none' : '_unknown') }
    return { terms: merged([...when, [plugin, { positive: false, choices }]]), cause: reason('') }
  }
}

interface Conflict {
  readonly plugin?: string
  readonly capability?: string
  readonly range: string
  readonly reason: string
}

function indexes(list: readonly unknown[]): number[] {
  return list.map((_, index) => index)
}
