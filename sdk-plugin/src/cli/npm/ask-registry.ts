import { stripVTControlCharacters } from 'node:util'
import { UsageError } from '../command.ts'

const patienceMs = 30_000

/**
 * Asks a registry for a JSON object, an empty one when it has nothing to say.
 * @param url without a slash at its end
 * @throws UsageError with the registry's own sentence when it refused, or with why there is no answer
 */
export async function askRegistry(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { answer, text } = await exchange(url, path, init)
  const body = parsed(text)
  if (!answer.ok) throw new UsageError(`The registry refused (${answer.status}): ${sentenceOf(body, text)}`)
  if (answer.status === 204) return {}
  if (!body) throw new UsageError(`${url} does not answer like a registry: there is no JSON object at ${path}.`)
  return body
}

async function exchange(url: string, path: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(patienceMs) })
    return { answer, text: await answer.text() }
  } catch (error) {
    throw new UsageError(`The registry does not answer at ${url}: ${reasonOf(error as Error)}.${proxyHint()}`)
  }
}

function reasonOf({ message, cause }: Error): string {
  const below = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  // Where a name stands for several numbers, each of which failed, only the code says why.
  return below.message || below.code || message
}

/** npm goes through the proxy by itself, Node only when it is told to. */
function proxyHint(): string {
  const { env } = process
  const proxy = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'].find((name) => env[name])
  return proxy === undefined || env['NODE_USE_ENV_PROXY'] ? '' : ` Set NODE_USE_ENV_PROXY=1 to go through ${proxy}.`
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The sentence of a problem document; the beginning of the text when it is none. What came over the network moves no cursor. */
function sentenceOf(body: Readonly<Record<string, unknown>> | undefined, text: string): string {
  const sentence = [body?.['detail'], body?.['error']].find((member) => typeof member === 'string')
  return stripVTControlCharacters(sentence ?? text.slice(0, 300)).replace(/[^\P{Cc}\n]/gu, '')
}
