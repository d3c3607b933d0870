import type { Document, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'
import { CommandError } from '../errors.ts'
import { compileExpression } from './expression.ts'
import { checkVariableName, extendScope, type Scope, type Variables } from './scope.ts'

export interface ScopeOptions {
  let?: Document | undefined
  now?: Date | undefined
  clusterTime?: Timestamp | undefined
  collator?: Collator | undefined
}

function refuse(): never {
  throw new CommandError(
    4890500,
    'Location4890500',
    'Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.',
  )
}

/** Stands for the document that there is none of yet. */
const NO_DOCUMENT = new Proxy<Document>(
  {},
  { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse, ownKeys: refuse },
)

/** The outermost scope: NOW, CLUSTER_TIME and the command's `let`, whose expressions are constants. @throws CommandError 4890500 for one that reads a field */
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
    variables[user.slots[i] as number] = compileExpression(options.let?.[name], system.scope)(NO_DOCUMENT, variables)
  })
  const known = new Map([...system.slots, ...user.slots].map((slot) => [slot, variables[slot]]))
  return { scope: { ...user.scope, known }, variables }
}
