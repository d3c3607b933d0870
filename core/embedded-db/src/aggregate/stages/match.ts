import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { compileFilter } from '../../match/filter.ts'
import { compileOperators } from '../../match/operators.ts'
import type { DocumentTest, MatchContext } from '../../match/predicate.ts'
import { isObject } from '../../values/types.ts'
import type { Scope, Variables } from '../scope.ts'
import type { StageRun } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

/** A filter whose `$expr` reads the variables of the run that `bind` was last told of. */
export interface BoundFilter {
  bind(variables: Variables): void
  test: DocumentTest
}

function refuseNear(): never {
  throw new CommandError(
    5626500,
    'Location5626500',
    '$geoNear, $near, and $nearSphere are not allowed in this context, as these operators require sorting geospatial data. If you do not need sort, consider using $geoWithin instead.',
  )
}

export function compileBoundFilter(filter: Document, scope: Scope): BoundFilter {
  let current: Variables = []
  const context: MatchContext = {
    collator: scope.collator,
    foundNear: refuseNear,
    compileExpression: (expression) => {
      const evaluate = scope.compile(expression, scope)
      return (document) => evaluate(document, current)
    },
    compileFilter: (inner) => compileFilter(inner, context),
    compileOperators: (inner) => compileOperators(inner, context),
  }
  return {
    bind: (variables) => {
      current = variables
    },
    test: compileFilter(filter, context),
  }
}

function filterStage({ bind, test }: BoundFilter): StageRun {
  return async function* run(input, { variables, pacer }) {
    for await (const batch of input) {
      bind(variables)
      const kept: Document[] = []
      for (const document of batch) {
        if (test(document)) kept.push(document)
        const rest = pacer.step()
        if (!rest) continue
        await rest
        bind(variables)
      }
      if (kept.length > 0) yield kept
    }
  }
}

/** $match. Error: 15959 when the filter is no object, and those of compileMatch. */
export const compileMatchStage: StageCompiler = (spec, { scope }) => {
  if (!isObject(spec))
    throw new CommandError(15959, 'Location15959', 'the match filter must be an expression in an object')
  return filterStage(compileBoundFilter(spec, scope))
}
