import type { Document, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'
import { compileExpression } from './expression.ts'
import { checkVariableName, extendScope, type Scope, type Variables } from './scope.ts'

export interface ScopeOptions {
  let?: Document | undefined
  now?: Date | undefined
  clusterTime?: Timestamp | undefined
  collator?: Collator | undefined
}

/** The outermost scope: NOW, CLUSTER_TIME and the command's `let`, whose expressions are constants. */
export function compileConstantScope(options: ScopeOptions): { scope: Scope; variables: Variables } {
  let next = 0
  const base: Scope = {
    collator: options.collator,
    slots: new Map(),
    allocate: () => next++,
    compile: compileExpression,
  }
  const system = extendScope(base, ['NOW', 'CLUSTER_TIME', 'USER_ROLES'])
  const variables: Variables = [options.now ?? new Date(), options.clusterTime, []]
  const names = Object.keys(options.let ?? {})
  names.forEach(checkVariableName)
  const user = extendScope(system.scope, names)
  names.forEach((name, i) => {
    variables[user.slots[i] as number] = compileExpression(options.let?.[name], system.scope)({}, variables)
  })
  return { scope: user.scope, variables }
}
