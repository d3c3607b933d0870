import { isObject } from '@dcesop/sdk-plugin/host'
import { inEnglish, type ToldTrust, type TrustError } from '@dcesop/sdk-plugin/signing'

/** The registry did not answer, or answered something that is no answer; `message` is for the operator, and `told` for any language. */
export class Unreachable extends Error {
  readonly told: ToldTrust

  constructor(told: ToldTrust, cause?: unknown) {
    super(inEnglish(told), { cause })
    this.name = 'Unreachable'
    this.told = told
  }
}

/** Nothing came. Why not is told by its code, which is the same word in every language. */
export function silent(error: unknown): Unreachable {
  const code = codeOf(error)
  return new Unreachable(code === undefined ? { id: 'answer.none' } : { id: 'answer.failed', params: { code } }, error)
}

/** What is known is too old to decide by, and there is no newer. */
export function silentAndOld({ told: first }: Unreachable, error: TrustError): Unreachable {
  return new Unreachable(error.told ? { id: 'both', params: { first, second: error.told } } : first, error)
}

/** Of the system or of the HTTP client; or the name of a time that is over. */
function codeOf(error: unknown): string | undefined {
  const { cause, code, name } = error as { cause?: unknown; code?: unknown; name?: unknown }
  if (isObject(cause)) return codeOf(cause)
  if (typeof code === 'string') return code
  return name === 'TimeoutError' ? name : undefined
}
