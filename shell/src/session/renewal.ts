import { ApiProblem } from '@dcesop/sdk-plugin/ui'

/** A renewed token comes with the answer to another request, which may still be on its way when the old one is refused. */
const onItsWayMs = 500

/**
 * Whether the session lives though the host has just refused a request: it gives a session a new token when the person proves who they
 * are again, in whichever tab, and takes the old one no more. Many who ask at once share one answer.
 *
 * @param current asks the host who is signed in, and nothing else
 */
export function createRenewalCheck(current: () => Promise<unknown>): () => Promise<boolean> {
  let underWay: Promise<boolean> | undefined

  async function lives(): Promise<boolean> {
    if (await answers()) return true
    await new Promise((resolve) => setTimeout(resolve, onItsWayMs))
    return answers()
  }

  async function answers(): Promise<boolean> {
    try {
      await current()
      return true
    } catch (error) {
      // Refused again, or nobody there to ask: what the host said first holds.
      if (error instanceof ApiProblem) return false
      throw error
    }
  }

  return () => (underWay ??= lives().finally(() => (underWay = undefined)))
}
