import { stripVTControlCharacters } from 'node:util'
import { UsageError } from '../command.ts'
import { networkReason } from '../text/system-error.ts'
import { type CliParams, messageOf, t } from '../text/text.ts'

const patienceMs = 30_000

/** What the registry answered that it does not want. */
export class RegistryRefused extends UsageError {
  readonly status: number

  constructor(status: number, sentence: string) {
    super(t('registry.refused', { status, sentence }))
    this.status = status
  }
}

/**
 * Asks a registry for a JSON object, an empty one when it has nothing to say.
 * @param url without a slash at its end
 * @throws RegistryRefused with the registry's own sentence, or UsageError with why there is no answer
 */
export async function askRegistry(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { answer, text } = await exchange(url, path, init)
  const body = parsed(text)
  if (answer.status === 401 && new Headers(init.headers).has('authorization'))
    throw new UsageError(t('registry.token', { url }))
  if (!answer.ok) throw new RegistryRefused(answer.status, plain(toldRefusal(body) ?? sentenceOf(body, text)))
  if (answer.status === 204) return {}
  if (!body) throw new UsageError(t('registry.noJson', { url, path }))
  return body
}

async function exchange(url: string, path: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(patienceMs) })
    return { answer, text: await answer.text() }
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError'
    const sentence = isLate
      ? t('registry.late', { url, seconds: patienceMs / 1000 })
      : t('registry.away', { url, why: networkReason(error as Error) })
    throw new UsageError(`${sentence}${proxyHint()}`)
  }
}

/** npm goes through the proxy by itself, Node only when it is told to. */
function proxyHint(): string {
  const { env } = process
  const proxy = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'].find((name) => env[name])
  return proxy === undefined || env['NODE_USE_ENV_PROXY'] ? '' : ` ${t('registry.proxy', { proxy })}`
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** What the registry says by a reason, in the person's language; undefined where it has none, or one that this version does not know. */
function toldRefusal(body: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { reason, params } = body
  if (typeof reason !== 'string' || typeof params !== 'object') return undefined
  const shown = Object.entries(params ?? {}).map(([name, value]) => [name, [value].flat().join(', ')] as const)
  return messageOf(`refusal.${reason}`, Object.fromEntries(shown) satisfies CliParams)
}

/** What came over the network moves no cursor. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n]/gu, '')
}

/** The sentences of a problem document; the beginning of the text when it is none. */
function sentenceOf(body: Readonly<Record<string, unknown>> | undefined, text: string): string {
  const sentence = [body?.['detail'], body?.['error']].find((member) => typeof member === 'string')
  const { errors } = body ?? {}
  const each = (Array.isArray(errors) ? (errors as ({ pointer?: unknown; message?: unknown } | null)[]) : []).slice(
    0,
    10,
  )
  const details = each.flatMap((one) => {
    const words = [one?.pointer, one?.message].filter((word) => typeof word === 'string' && word !== '')
    return typeof one?.message === 'string' ? [`\n  ${words.join(' ')}`] : []
  })
  return sentence === undefined ? text.slice(0, 300) : sentence + details.join('')
}
