import { both, countOf, has, holds, negate, type Term } from './term.ts'

/** Terms, by variable, that are never all true at once. */
export interface Incompatibility<Reason> {
  readonly terms: ReadonlyMap<string, Term>
  /** Why, or the two incompatibilities from which it follows. */
  readonly cause: Reason | readonly [Incompatibility<Reason>, Incompatibility<Reason>]
}

/** What is to be solved: variables with choices in the order of preference, and rules that are asked for when they are needed. */
export interface Puzzle<Reason> {
  readonly root: string
  /** Rules about a variable; asked once, before it is decided. */
  rulesOf(variable: string): readonly Incompatibility<Reason>[]
  /** Indexes of the variable's choices, best first. */
  preference(variable: string): readonly number[]
}

interface Assignment<Reason> {
  readonly variable: string
  readonly term: Term
  readonly level: number
  /** Undefined for a decision. */
  readonly cause: Incompatibility<Reason> | undefined
}

export type Outcome<Reason> =
  | { readonly ok: true; readonly chosen: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly conflict: Incompatibility<Reason> }

/**
 * Finds choices that fit all rules: version solving by learning from conflicts, after Natalie Weizenbaum's PubGrub. It is
 * deterministic, and what it learns explains why there is no solution.
 */
export class Solver<Reason> {
  readonly #puzzle: Puzzle<Reason>
  readonly #rules = new Map<string, Incompatibility<Reason>[]>()
  readonly #asked = new Set<string>()
  readonly #known = new Map<string, Term>()
  readonly #assignments: Assignment<Reason>[] = []
  /** Indexes of the assignments of each variable. */
  readonly #places = new Map<string, number[]>()
  readonly #decided = new Map<string, number>()
  #level = 0

  constructor(puzzle: Puzzle<Reason>) {
    this.#puzzle = puzzle
  }

  /** @param objection to a solution: terms that must not all hold; asked until there is none */
  solve(objection: (chosen: ReadonlyMap<string, number>) => Incompatibility<Reason> | undefined): Outcome<Reason> {
    const { root } = this.#puzzle
    this.#derive(root, { positive: true, choices: 1n }, undefined)
    let next: string | undefined = root
    for (;;) {
      const conflict: Incompatibility<Reason> | undefined = next === undefined ? undefined : this.#propagate(next)
      if (conflict) return { ok: false, conflict }
      next = this.#decide()
      if (next !== undefined) continue
      const rule = objection(this.#decided)
      if (!rule) return { ok: true, chosen: new Map(this.#decided) }
      this.#add(rule)
      next = rule.terms.keys().next().value
    }
  }

  #add(rule: Incompatibility<Reason>): void {
    for (const variable of rule.terms.keys()) {
      const present = this.#rules.get(variable)
      if (present) present.push(rule)
      else this.#rules.set(variable, [rule])
    }
  }

  /** @returns an incompatibility that cannot be avoided, if there is one */
  #propagate(start: string): Incompatibility<Reason> | undefined {
    const changed = new Set([start])
    for (const variable of changed) {
      changed.delete(variable)
      const rules = this.#rules.get(variable) ?? []
      for (let index = rules.length - 1; index >= 0; index -= 1) {
        const rule = rules[index] as Incompatibility<Reason>
        const state = this.#state(rule)
        if (state === 'violated') {
          const learnt = this.#resolve(rule)
          if (isFinal(learnt, this.#puzzle.root)) return learnt
          changed.clear()
          const unit = this.#state(learnt)
          if (typeof unit === 'object') changed.add(this.#conclude(learnt, unit.open))
          break
        }
        if (typeof state === 'object') changed.add(this.#conclude(rule, state.open))
      }
    }
    return undefined
  }

  #conclude(rule: Incompatibility<Reason>, variable: string): string {
    this.#derive(variable, negate(rule.terms.get(variable) as Term), rule)
    return variable
  }

  /** `violated`, with exactly one `open` term, or neither. */
  #state({ terms }: Incompatibility<Reason>): 'violated' | 'idle' | { readonly open: string } {
    let open: string | undefined
    for (const [variable, term] of terms) {
      const state = holds(this.#known.get(variable), term)
      if (state === 'no' || (state === 'open' && open !== undefined)) return 'idle'
      if (state === 'open') open = variable
    }
    return open === undefined ? 'violated' : { open }
  }

  /** Goes back to where the conflict could have been seen, with the rule that shows it. */
  #resolve(violated: Incompatibility<Reason>): Incompatibility<Reason> {
    let rule = violated
    let learnt = false
    while (!isFinal(rule, this.#puzzle.root)) {
      let last: { variable: string; term: Term; at: number } | undefined
      let back = 0
      for (const [variable, term] of rule.terms) {
        const at = this.#satisfier(variable, term)
        if (last && at < last.at) back = Math.max(back, this.#levelAt(at))
        else {
          if (last) back = Math.max(back, this.#levelAt(last.at))
          last = { variable, term, at }
        }
      }
      const { variable, term, at } = last as { variable: string; term: Term; at: number }
      const satisfier = this.#assignments[at] as Assignment<Reason>
      // The satisfier alone may not be enough: then what was known before has its part in it.
      const rest = holds(satisfier.term, term) === 'yes' ? undefined : both(satisfier.term, negate(term))
      if (rest) back = Math.max(back, this.#levelAt(this.#satisfier(variable, negate(rest))))
      if (satisfier.cause === undefined || back < satisfier.level) {
        this.#backTo(back)
        if (learnt) this.#add(rule)
        return rule
      }
      const terms = new Map([...rule.terms].filter(([name]) => name !== variable))
      for (const [name, other] of satisfier.cause.terms) {
        if (name === variable) continue
        const present = terms.get(name)
        terms.set(name, present ? both(present, other) : other)
      }
      if (rest) terms.set(variable, negate(rest))
      rule = { terms, cause: [rule, satisfier.cause] }
      learnt = true
    }
    return rule
  }

  /** Index of the assignment with which the term became true. */
  #satisfier(variable: string, term: Term): number {
    let known: Term | undefined
    for (const at of this.#places.get(variable) ?? []) {
      const assignment = this.#assignments[at] as Assignment<Reason>
      known = known ? both(known, assignment.term) : assignment.term
      if (holds(known, term) === 'yes') return at
    }
    throw new Error(`Nothing satisfies the term about ${variable}.`)
  }

  #levelAt(at: number): number {
    return (this.#assignments[at] as Assignment<Reason>).level
  }

  #backTo(level: number): void {
    this.#level = level
    const gone = new Set<string>()
    while ((this.#assignments.at(-1)?.level ?? 0) > level) {
      const { variable } = this.#assignments.pop() as Assignment<Reason>
      this.#places.get(variable)?.pop()
      gone.add(variable)
    }
    for (const variable of gone) {
      this.#decided.delete(variable)
      const left = (this.#places.get(variable) ?? []).map((at) => (this.#assignments[at] as Assignment<Reason>).term)
      if (left.length === 0) this.#known.delete(variable)
      else this.#known.set(variable, left.reduce(both))
    }
  }

  #derive(variable: string, term: Term, cause: Incompatibility<Reason> | undefined): void {
    const at = this.#assignments.push({ variable, term, level: this.#level, cause }) - 1
    const places = this.#places.get(variable)
    if (places) places.push(at)
    else this.#places.set(variable, [at])
    const known = this.#known.get(variable)
    this.#known.set(variable, known ? both(known, term) : term)
  }

  /** Decides the variable with the fewest choices left. @returns the variable to look at next */
  #decide(): string | undefined {
    let best: { variable: string; choices: bigint; count: number } | undefined
    for (const [variable, { positive, choices }] of this.#known) {
      if (!positive || this.#decided.has(variable)) continue
      const count = countOf(choices)
      if (!best || count < best.count || (count === best.count && variable < best.variable))
        best = { variable, choices, count }
    }
    if (!best) return undefined
    const { variable, choices } = best
    if (!this.#asked.has(variable)) {
      this.#asked.add(variable)
      for (const rule of this.#puzzle.rulesOf(variable)) this.#add(rule)
      return variable
    }
    const choice = this.#puzzle.preference(variable).find((index) => has(choices, index))
    if (choice === undefined) throw new Error(`No choice of ${variable} is left, and no rule says so.`)
    this.#level += 1
    this.#derive(variable, { positive: true, choices: 1n << BigInt(choice) }, undefined)
    this.#decided.set(variable, choice)
    return variable
  }
}

function isFinal<Reason>({ terms }: Incompatibility<Reason>, root: string): boolean {
  if (terms.size === 0) return true
  const [[variable, term]] = terms as unknown as [[string, Term]]
  return terms.size === 1 && variable === root && term.positive
}

/** The given reasons from which an incompatibility follows, in the order in which they were put together. */
export function reasonsOf<Reason>(rule: Incompatibility<Reason>): Reason[] {
  const reasons = new Set<Reason>()
  const seen = new Set<Incompatibility<Reason>>()
  const collect = (one: Incompatibility<Reason>) => {
    if (seen.has(one)) return
    seen.add(one)
    if (Array.isArray(one.cause)) for (const part of one.cause as Incompatibility<Reason>[]) collect(part)
    else reasons.add(one.cause as Reason)
  }
  collect(rule)
  return [...reasons]
}
