import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { setField } from '../../values/document.ts'
import { asDocument, isObject } from '../../values/types.ts'
import { type Expression, extendScope, type Variables } from '../scope.ts'
import { eachDocument } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

function redactValue(value: unknown, decide: (document: Document) => Document | undefined): unknown {
  if (Array.isArray(value))
    return (value as unknown[]).map((item) => redactValue(item, decide)).filter((item) => item !== undefined)
  return isObject(value) ? decide(asDocument(value)) : value
}

/** The decisions: values of their own, which no document and no literal can be. */
const DECISIONS = { DESCEND: Symbol('DESCEND'), PRUNE: Symbol('PRUNE'), KEEP: Symbol('KEEP') }

function redact(
  root: Document,
  current: Document,
  slot: number,
  expression: Expression,
  variables: Variables,
): Document | undefined {
  variables[slot] = current
  const decision = expression(root, variables)
  if (decision === DECISIONS.KEEP) return current
  if (decision === DECISIONS.PRUNE) return undefined
  if (decision !== DECISIONS.DESCEND)
    throw new CommandError(17053, 'Location17053', '$redact must return one of $$DESCEND, $$PRUNE, or $$KEEP')
  const result: Document = {}
  for (const [name, value] of Object.entries(current)) {
    const kept = redactValue(value, (inner) => redact(root, inner, slot, expression, variables))
    if (kept !== undefined) setField(result, name, kept)
  }
  return result
}

/** $redact: the expression decides for the document and, on $$DESCEND, for each embedded one, as $$CURRENT. */
export const compileRedactStage: StageCompiler = (spec, { scope }) => {
  const decisions = extendScope(scope, Object.keys(DECISIONS))
  const inner = extendScope(decisions.scope, ['CURRENT'])
  const expression = scope.compile(spec, inner.scope)
  const slot = inner.slots[0] as number
  return eachDocument((document, variables) => {
    Object.values(DECISIONS).forEach((decision, i) => (variables[decisions.slots[i] as number] = decision))
    return redact(document, document, slot, expression, variables)
  })
}
