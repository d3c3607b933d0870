import { UsageError } from '../command.ts'

/** What the registry answered as JSON. @throws UsageError with the registry's own sentence when it refused */
export async function answerOf<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  if (answer.ok) return JSON.parse(text) as T
  throw new UsageError(`The registry refused (${answer.status}): ${sentenceOf(text)}`)
}

/** The sentence of a problem document; the text itself when it is none. */
function sentenceOf(text: string): string {
  try {
    const { detail, error } = JSON.parse(text) as { detail?: string; error?: string }
    return detail ?? error ?? text
  } catch {
    return text.slice(0, 300)
  }
}
