import type { Document } from 'bson'
import { compileConstantScope } from '../aggregate/constant-scope.ts'
import { compileExpression } from '../aggregate/expression.ts'
import type { CommandError } from '../errors.ts'
import type { Collator } from '../values/collation.ts'
import { compileFilter } from './filter.ts'
import { compileOperators } from './operators.ts'
import type { DocumentTest, MatchContext } from './predicate.ts'

export interface MatchOptions {
  collation?: Collator | undefined
  /** The command's `let`: constant expressions by variable name. */
  let?: Document | undefined
  now?: Date | undefined
  foundNear?: (() => void) | undefined
  /** Why an operator that looks at the whole document may not stand in the filter; absent where all may. */
  refuse?: ((operator: string) => CommandError | undefined) | undefined
}

/** The context that operators compile in, with `$expr` bound to the command's variables. */
export function matchContext(options: MatchOptions = {}): MatchContext {
  const context: MatchContext = {
    collator: options.collation,
    foundNear: options.foundNear,
    compileExpression: (expression) => {
      const { scope, variables } = compileConstantScope({
        let: options.let,
        now: options.now,
        collator: options.collation,
      })
      const evaluate = compileExpression(expression, scope)
      return (document) => evaluate(document, variables)
    },
    refuse: options.refuse,
    compileFilter: (filter) => compileFilter(filter, nested),
    compileOperators: (operators) => compileOperators(operators, nested),
  }
  const nested: MatchContext = { ...context, nested: true }
  return context
}

/**
 * Compiles a query filter to a test of documents read with `promoteValues: false`. Everything is checked here: errors are
 * CommandErrors (2 BadValue for unknown or malformed operators, 9, 14, 51091 for a bad pattern, 238 for $where and $text).
 */
export function compileMatch(filter: Document, options: MatchOptions = {}): DocumentTest {
  return compileFilter(filter, matchContext(options))
}
