import { CommandError } from '../errors.ts'
import type { Collator } from '../values/collation.ts'

/** The values of variables during a run, by slot. */
export type Variables = unknown[]

/** A compiled expression: the current document and the variables in, a value out (undefined when missing). */
export type Expression = (root: unknown, variables: Variables) => unknown

/** The variables that an expression may name at compile time, each with its slot. */
export interface Scope {
  readonly collator: Collator | undefined
  readonly slots: ReadonlyMap<string, number>
  /** The values of the slots that are known before the run: those of NOW and its like, and of the command's `let`. */
  readonly known?: ReadonlyMap<number, unknown>
  /** Gives every binding of one compilation a slot of its own. */
  readonly allocate: () => number
  /** Compiles a sub-expression; in the scope so that operators need not import the compiler. */
  readonly compile: (expression: unknown, scope: Scope) => Expression
  /** Told of each variable read; tells correlated sub-pipelines from others. */
  readonly onRead?: (slot: number) => void
}

/** A scope that also knows the given names, each bound to a new slot. */
export function extendScope(scope: Scope, names: readonly string[]): { scope: Scope; slots: number[] } {
  const slots = new Map(scope.slots)
  const added = names.map((name) => {
    const slot = scope.allocate()
    slots.set(name, slot)
    return slot
  })
  return { scope: { ...scope, slots }, slots: added }
}

/** The rule for names that users may bind: a lower-case or non-ASCII start, then word characters. Error: 9 FailedToParse. */
export function checkVariableName(name: string): void {
  if (name === 'CURRENT') return
  if (name === '') throw new CommandError(9, 'FailedToParse', 'empty variable names are not allowed')
  if (!/^[a-z\u0080-\uffff]/.test(name))
    throw new CommandError(9, 'FailedToParse', `'${name}' starts with an invalid character for a user variable name`)
  const bad = /[^\w\u0080-\uffff]/.exec(name)
  if (bad)
    throw new CommandError(
      9,
      'FailedToParse',
      `'${name}' contains an invalid character for a variable name: '${bad[0]}'`,
    )
}
