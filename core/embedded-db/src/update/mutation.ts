import type { Document, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'

/** What a mutator may ask about the document it is applied to. */
export interface ApplyContext {
  /** The document before any change. */
  readonly original: Document
  /** Whether an upsert inserts the document. */
  readonly inserting: boolean
  readonly now: Date
  readonly clusterTime: Timestamp
  /** The element of the array at the path that the query matched; undefined when it matched none. */
  position(arrayPath: readonly string[]): number | undefined
  /** Receives the path of each field that an operator changes, with positions for array operators. */
  readonly touched: (readonly string[])[] | undefined
  /** Whether the element passes the array filter of the identifier. */
  passes(identifier: string, element: unknown): boolean
}

/** What a mutator answers to take the field away. */
export const removed = Symbol('removed')

/** The change of one field: old value in (undefined when missing), new value out; undefined leaves a missing field missing. */
export interface Mutator {
  apply(current: unknown, context: ApplyContext, path: readonly string[]): unknown
  /** Whether the way to a missing field is created for it. */
  readonly creates: boolean
  /** It does nothing to a document that there is. */
  readonly onlyInserts?: boolean
  /** A field that could not even be created is an error. */
  readonly needsWay?: boolean
  /** It may add elements to an array and leave the others, so that only those need be told. */
  readonly extends?: boolean
}

export interface CompileContext {
  readonly collator: Collator | undefined
  /** The test of an array element for $pull. */
  compileElementTest(condition: unknown): (item: unknown) => boolean
}

/** Compiles the operand of one field of an update operator; returns one mutator, or several at other paths for $rename. */
export type OperatorCompiler = (operand: unknown, path: string, context: CompileContext) => Mutator

export function creating(apply: Mutator['apply']): Mutator {
  return { apply, creates: true }
}

/** A change that leaves a missing field missing. */
export function existing(apply: Mutator['apply'], needsWay = false): Mutator {
  return {
    needsWay,
    apply: (current, context, path) => (current === undefined ? undefined : apply(current, context, path)),
    creates: false,
  }
}
