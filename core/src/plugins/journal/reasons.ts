import { dependencySentences } from './sentences/dependencies.ts'
import { hostSentences } from './sentences/host-runs.ts'
import { requestSentences } from './sentences/requests.ts'
import { startSentences } from './sentences/start.ts'
import { stopSentences } from './sentences/stops.ts'
import { trialSentences } from './sentences/trials.ts'

/** What a message may be given: lists are put together by the language that they are read in. */
export type Param = string | number | readonly string[]

/** One reason by its code, for a text in the reader's language. */
export interface Cause {
  readonly code: string
  readonly params: Readonly<Record<string, Param>>
}

/** Why the host did something: the sentence for logs, and the same by codes. Rows of before have only the sentence. */
export interface Reason {
  readonly reason: string
  readonly causes?: readonly Cause[]
}

/** Every code with its sentence. The screens have a message for each in `sdk-plugin/src/ui/reasons`. */
const sentences = {
  ...requestSentences,
  ...hostSentences,
  ...startSentences,
  ...dependencySentences,
  ...stopSentences,
  ...trialSentences,
}

export type ReasonCode = keyof typeof sentences
export type ParamsOf<Code extends ReasonCode> = Parameters<(typeof sentences)[Code]>

/** Every code that the host can give. */
export const reasonCodes = Object.keys(sentences) as ReasonCode[]

const mostText = 2000

/** A reason by its code. */
export function because<Code extends ReasonCode>(code: Code, ...given: ParamsOf<Code>): Reason {
  const cut = (value: Param) => (typeof value === 'string' ? value.slice(0, mostText) : value)
  const params = Object.fromEntries(
    Object.entries((given[0] ?? {}) as Cause['params']).map(([name, value]) => [name, cut(value)]),
  )
  const sentence = sentences[code] as (params: object) => string
  return { reason: sentence(params).slice(0, mostText), causes: [{ code, params }] }
}

/** The reason that a record holds among other things; undefined where it has none. */
export function told({ reason, causes }: Partial<Reason>): Reason | undefined {
  return reason === undefined ? undefined : { reason, ...(causes && { causes }) }
}

/** Several reasons in one. */
export function together(separator: string, ...reasons: readonly Reason[]): Reason {
  const reason = reasons.map((one) => one.reason).join(separator)
  const told = reasons.every(({ causes }) => causes)
  return {
    reason: reason.slice(0, mostText),
    ...(told ? { causes: reasons.flatMap(({ causes }) => causes ?? []) } : {}),
  }
}

/** An error whose reason is more than its message. */
export class ReasonedError extends Error {
  readonly why: Reason

  constructor(why: Reason, cause?: unknown) {
    super(why.reason, cause === undefined ? undefined : { cause })
    this.name = 'ReasonedError'
    this.why = why
  }
}

export function reasonOf(error: unknown): Reason {
  if (error instanceof ReasonedError) return error.why
  return because('failed', { detail: error instanceof Error ? error.message : String(error) })
}
