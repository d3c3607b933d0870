import { Problem } from '@dcesop/sdk-plugin'
import { TrustError } from '@dcesop/sdk-plugin/signing'
import { Declined } from './http.ts'
import { Unreachable } from './unreachable.ts'

/** What concerns the registry's own state, rather than one release. */
const stateFaults = ['expired', 'from_the_future', 'rolled_back', 'log_altered']

/** Runs work with the registry; what goes wrong there becomes an answer for the administrator. */
export async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw problemOf(error)
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof Unreachable) {
    const extensions = { told: error.told }
    return new Problem(503, 'registry_unreachable', error.message, { cause: error, retryAfter: 30, extensions })
  }
  if (error instanceof Declined) {
    const { code, why } = error
    // What the person saw came from there: it is theirs to look again.
    if (error.status === 412) return new Problem(412, 'precondition_failed', error.message, { cause: error })
    const extensions = { ...(code !== undefined && { registryCode: code }), ...(why && { registryReason: why }) }
    return new Problem(502, 'registry_declined', error.message, { cause: error, extensions })
  }
  if (!(error instanceof TrustError)) return error
  const extensions = { fault: error.code, ...(error.told && { told: error.told }) }
  if (stateFaults.includes(error.code))
    return new Problem(502, 'registry_untrusted', error.message, { cause: error, extensions })
  return new Problem(422, 'release_refused', error.message, { cause: error, extensions })
}
