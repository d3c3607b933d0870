import type { Expression, Scope, Variables } from '../scope.ts'

/** What one group or window gathers. */
export interface Accumulator {
  add(value: unknown): void
  result(): unknown
  /** Bytes that grow with the input; absent when the state has a fixed size. */
  bytes?(): number
}

export interface CompiledAccumulator {
  /** What is added for each document. */
  readonly input: Expression
  /** A new state; `group` is the group's key, which some arguments may read. */
  create(group: unknown, variables: Variables): Accumulator
  /** Whether an argument reads the group's key. */
  readonly byGroup?: boolean
}

export type AccumulatorCompiler = (operand: unknown, scope: Scope, name: string) => CompiledAccumulator
