import semver from 'semver'
import type { Candidate, Candidates, PluginChoices } from './candidates.ts'
import type { Incompatibility, Puzzle } from './solver.ts'
import { both, type Choices, choicesOf, type Term } from './term.ts'

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

/** One sentence, and what it is about. */
export interface Reason {
  readonly rule: string
  readonly plugin?: string
  readonly versions?: readonly string[]
  readonly text: string
}

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
    const wanted = install.map(({ plugin, range }) => {
      const text = `The wish is "${plugin}" in version ${range}`
      return this.#needs([wish], plugin, range, { rule: 'wish', plugin, text })
    })
    const kept = [...installed.keys()]
      .filter((plugin) => !remove.includes(plugin) && !install.some((entry) => entry.plugin === plugin))
      .map((plugin) =>
        this.#needs([wish], plugin, '*', { rule: 'installed', plugin, text: `"${plugin}" is installed and stays` }),
      )
    const removed = remove.flatMap((plugin) => {
      const all = this.#candidates.find(plugin)
      if (!all) return []
      const cause = { rule: 'removed', plugin, text: `The wish is to remove "${plugin}".` }
      return [{ terms: new Map([wish, [plugin, { positive: true, choices: allOf(all.versions) }]]), cause }]
    })
    return [...wanted, ...kept, ...removed]
  }

  #rulesOfPlugin({ plugin, versions }: PluginChoices): Incompatibility<Reason>[] {
    const rules: Incompatibility<Reason>[] = []
    /** One rule for all versions that say the same. */
    const each = (
      sayings: (candidate: Candidate) => readonly string[],
      rule: (saying: string, term: [string, Term], numbers: readonly string[]) => Incompatibility<Reason>[],
    ) => {
      const said = new Map<string, number[]>()
      versions.forEach((candidate, index) => {
        for (const saying of sayings(candidate)) said.set(saying, [...(said.get(saying) ?? []), index])
      })
      for (const [saying, at] of said)
        rules.push(
          ...rule(
            saying,
            [plugin, { positive: true, choices: choicesOf(at) }],
            at.map((index) => versions[index]?.version as string),
          ),
        )
    }
    const never = (rule: string) => (text: string, term: [string, Term], numbers: readonly string[]) => [
      {
        terms: new Map([term]),
        cause: { rule, plugin, versions: numbers, text: `"${plugin}" ${spell(numbers)} ${text}.` },
      },
    ]
    // What is installed may stay, unless it is dangerous or unlawful.
    const stays = ({ version, expelled }: Candidate) =>
      expelled !== true && this.#question.installed.get(plugin) === version
    each((candidate) => (candidate.barred === undefined || stays(candidate) ? [] : [candidate.barred]), never('barred'))
    each((candidate) => this.#engineFaults(candidate), never('engine'))
    each(
      ({ manifest }) =>
        (manifest.consumes ?? [])
          .filter(({ optional }) => optional !== true)
          .map(({ capability, range }) => JSON.stringify([capability, range])),
      (saying, term, numbers) => {
        const [capability, range] = JSON.parse(saying) as [string, string]
        return this.#consumption(plugin, term, numbers, capability, range)
      },
    )
    each(
      ({ manifest }) => [...(manifest.regions?.requires ?? [])],
      (saying, term, numbers) => {
        const [, other = saying, range = '*'] = /^([^@]+)@(.+)$/.exec(saying) ?? []
        const text = `"${plugin}" ${spell(numbers)} needs "${other}" in version ${range} beside it`
        return [this.#needs([term], other, range, { rule: 'requires', plugin, versions: numbers, text })]
      },
    )
    each(
      ({ manifest }) => Object.keys(manifest.provides ?? {}),
      (capability, term, numbers) => {
        const provider = this.#candidates.providers(capability).indexOf(plugin)
        const text = `"${plugin}" ${spell(numbers)} provides "${capability}", which has one provider.`
        const other: Term = { positive: false, choices: 1n << BigInt(provider) }
        const cause = { rule: 'provides', plugin, versions: numbers, text }
        return [{ terms: new Map([term, [capabilityVariable(capability), other]]), cause }]
      },
    )
    each(
      ({ manifest }) => (manifest.conflicts ?? []).map((conflict) => JSON.stringify(conflict)),
      (saying, term, numbers) => this.#conflict(plugin, term, numbers, JSON.parse(saying) as Conflict),
    )
    return rules
  }

  #engineFaults({ manifest }: Candidate): string[] {
    const { engines } = this.#question
    return (['dcesop', 'sdk', 'node'] as const).flatMap((engine) => {
      const range = manifest.engines[engine]
      if (range === undefined || semver.satisfies(engines[engine], range, { includePrerelease: true })) return []
      return [`needs ${engine} ${range}, and the instance has ${engines[engine]}`]
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
    const fitting = providers.map((provider) => this.#providing(provider, capability, range))
    const able = indexes(providers).filter((index) => fitting[index] !== 0n)
    const need = `"${plugin}" ${spell(numbers)} needs capability "${capability}" ${range}`
    const about = { rule: 'consumes', plugin, versions: numbers }
    const offered =
      able.length > 0
        ? `${need}, which ${able.map((index) => `"${providers[index]}"`).join(' or ')} can provide.`
        : providers.length > 0
          ? `${need}, but no version of ${providers.map((id) => `"${id}"`).join(', ')} provides that.`
          : `${need}, which nobody provides.`
    const some: [string, Term] = [capabilityVariable(capability), { positive: false, choices: choicesOf(able) }]
    const terms = able.length > 0 ? new Map([term, some]) : new Map([term])
    const each = able.map((index): Incompatibility<Reason> => {
      const provider = providers[index] as string
      const choices = fitting[index] as Choices
      const text = `${need}; of "${provider}" ${spell(this.#numbers(provider, choices))} provides that.`
      const chosen: [string, Term] = [capabilityVariable(capability), { positive: true, choices: 1n << BigInt(index) }]
      return {
        // A plugin may consume what it provides itself.
        terms: merged([term, chosen, [provider, { positive: false, choices }]]),
        cause: { ...about, text },
      }
    })
    return [{ terms, cause: { ...about, text: offered } }, ...each]
  }

  /** Whoever is chosen to provide a capability is there, in a version that does. */
  #provision(capability: string): Incompatibility<Reason>[] {
    return this.#candidates.providers(capability).map((provider, index) => {
      const choices = this.#providing(provider, capability, '*')
      const text = `"${provider}" ${spell(this.#numbers(provider, choices))} provides "${capability}".`
      const chosen: [string, Term] = [capabilityVariable(capability), { positive: true, choices: 1n << BigInt(index) }]
      return {
        terms: new Map([chosen, [provider, { positive: false, choices }]]),
        cause: { rule: 'provides', plugin: provider, text },
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
      const versions = this.#candidates.find(id)?.versions ?? []
      const choices =
        other !== undefined
          ? choicesOf(
              indexes(versions).filter((index) => this.#candidates.fits(versions[index]?.version as string, range)),
            )
          : this.#providing(id, capability as string, range)
      if (id === plugin || choices === 0n) return []
      const text = `"${plugin}" ${spell(numbers)} cannot run beside "${id}" ${spell(this.#numbers(id, choices))}: ${reason}`
      const cause = { rule: 'conflict', plugin, versions: numbers, text }
      return [{ terms: new Map([term, [id, { positive: true, choices }]]), cause }]
    })
  }

  #needs(when: [string, Term][], plugin: string, range: string, reason: Reason): Incompatibility<Reason> {
    const versions = this.#candidates.find(plugin)?.versions ?? []
    const choices = choicesOf(
      indexes(versions).filter((index) => this.#candidates.fits(versions[index]?.version as string, range)),
    )
    const ending =
      choices === 0n ? (versions.length === 0 ? ', which the registry does not have.' : ', and there is none.') : '.'
    const cause = { ...reason, text: `${reason.text}${ending}` }
    if (choices === 0n) return { terms: new Map(when), cause }
    return { terms: merged([...when, [plugin, { positive: false, choices }]]), cause }
  }

  #providing(provider: string, capability: string, range: string): Choices {
    const versions = this.#candidates.find(provider)?.versions ?? []
    return choicesOf(
      indexes(versions).filter((index) => {
        const provided = versions[index]?.manifest.provides?.[capability]
        return typeof provided === 'string' && this.#candidates.fits(provided, range)
      }),
    )
  }

  #numbers(plugin: string, choices: Choices): string[] {
    const versions = this.#candidates.find(plugin)?.versions ?? []
    return versions.filter((_, index) => ((choices >> BigInt(index)) & 1n) === 1n).map(({ version }) => version)
  }
}

/** Terms about the same variable become one. */
function merged(terms: readonly [string, Term][]): Map<string, Term> {
  const result = new Map<string, Term>()
  for (const [variable, term] of terms) {
    const present = result.get(variable)
    result.set(variable, present ? both(present, term) : term)
  }
  return result
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

function allOf(list: readonly unknown[]): Choices {
  return (1n << BigInt(list.length)) - 1n
}

/** `1.0.0`, or `1.0.0 … 1.9.0` for many: newest first comes in. */
function spell(numbers: readonly string[]): string {
  if (numbers.length === 0) return 'no version'
  if (numbers.length <= 2) return numbers.toReversed().join(' and ')
  return `${numbers.at(-1)} … ${numbers[0]} (${numbers.length} versions)`
}
