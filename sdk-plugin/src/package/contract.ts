import type { JsonSchema } from '../backend/route.ts'

/** One call that a consumer makes, and what it relies on in the answer. */
export interface Interaction {
  /** State in which the provider must be, by name, for example `a customer with fibre`. */
  readonly given?: string
  readonly method: string
  readonly arguments: readonly unknown[]
  /** An answer, for the consumer's own specs. Without a schema the provider must answer just this. */
  readonly answers?: unknown
  /** What the consumer needs of the answer, as JSON Schema; leave out what it does not read. */
  readonly schema?: JsonSchema
  /** Instead of an answer: the code of the Problem that the consumer expects. */
  readonly rejects?: string
}

/**
 * What one consumer relies on in a capability. The consumer's specs run against `contractDouble`, the provider's run
 * `verifyContract`; so neither can drift from the other unnoticed. Plain data: it can be a JSON file in `contracts/`.
 */
export interface Contract {
  readonly capability: string
  /** Version range of the capability that the consumer's manifest states. */
  readonly range: string
  readonly consumer: string
  readonly interactions: readonly Interaction[]
}
