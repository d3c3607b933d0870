/** A set of choices of a variable, one bit for each. */
export type Choices = bigint

/** `positive`: the variable is chosen, and is one of them. Otherwise: it is not chosen, or is none of them. */
export interface Term {
  readonly positive: boolean
  readonly choices: Choices
}

export function negate({ positive, choices }: Term): Term {
  return { positive: !positive, choices }
}

/** Both at once. */
export function both(left: Term, right: Term): Term {
  if (left.positive && right.positive) return { positive: true, choices: left.choices & right.choices }
  if (left.positive) return { positive: true, choices: left.choices & ~right.choices }
  if (right.positive) return { positive: true, choices: right.choices & ~left.choices }
  return { positive: false, choices: left.choices | right.choices }
}

/** Terms about the same variable become one. */
export function merged(terms: readonly [string, Term][]): Map<string, Term> {
  const result = new Map<string, Term>()
  for (const [variable, term] of terms) {
    const present = result.get(variable)
    result.set(variable, present ? both(present, term) : term)
  }
  return result
}

/** Whether what is known makes the term true (`yes`), false (`no`), or leaves it open. */
export function holds(known: Term | undefined, term: Term): 'yes' | 'no' | 'open' {
  if (!known) return 'open'
  const [a, b] = [known.choices, term.choices]
  const inside = (a & ~b) === 0n
  const apart = (a & b) === 0n
  if (known.positive && term.positive) return inside ? 'yes' : apart ? 'no' : 'open'
  if (known.positive) return apart ? 'yes' : inside ? 'no' : 'open'
  const covered = (b & ~a) === 0n
  if (term.positive) return covered ? 'no' : 'open'
  return covered ? 'yes' : 'open'
}

export function has(choices: Choices, index: number): boolean {
  return ((choices >> BigInt(index)) & 1n) === 1n
}

export function choicesOf(indexes: Iterable<number>): Choices {
  let choices = 0n
  for (const index of indexes) choices |= 1n << BigInt(index)
  return choices
}

/** Each of so many. */
export function allOf(count: number): Choices {
  return (1n << BigInt(count)) - 1n
}

export function countOf(choices: Choices): number {
  let count = 0
  for (let rest = choices; rest > 0n; rest &= rest - 1n) count += 1
  return count
}
