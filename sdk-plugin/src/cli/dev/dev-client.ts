import type { FindingParams } from '../../findings/finding-text.ts'
import { networkReason } from '../text/system-error.ts'
import { messageOf, t, toldFinding } from '../text/text.ts'

/** What a host answered that it does not want. */
export class DevRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Nobody answers where the host was, or not in whole. */
export class HostAway extends Error {
  /** Such as `connect ECONNREFUSED 127.0.0.1:8080`. */
  readonly why: string

  constructor(why: string, cause: unknown) {
    super(t('dev.away', { why }), { cause })
    this.why = why
  }
}

export interface DevBeat {
  /** Who typed the code; null while nobody did. */
  readonly owner: string | null
  readonly events: readonly { readonly level: string; readonly message: string }[]
}

/** One development session on a host. Every method rejects with DevRefused or HostAway. */
export interface DevClient {
  /** Typed into the shell. */
  readonly code: string
  beat(): Promise<DevBeat>
  put(tarball: Buffer): Promise<void>
  end(): Promise<void>
}

/** Begins a session on the host at `url`. */
export async function openDevClient(url: string): Promise<DevClient> {
  const base = `${url.replace(/\/+$/, '')}/api/dev/sessions`
  const { code, token } = await call<{ code: string; token: string }>(base, { method: 'POST' })
  const headers = { authorization: `Dev ${token}` }
  return {
    code,
    beat: () => call<DevBeat>(`${base}/current/beats`, { method: 'POST', headers }),
    async put(tarball) {
      const body = new Uint8Array(tarball)
      const type = { 'content-type': 'application/gzip' }
      await call(`${base}/current/package`, { method: 'PUT', headers: { ...headers, ...type }, body })
    },
    async end() {
      await call(`${base}/current`, { method: 'DELETE', headers })
    },
  }
}

async function call<T>(url: string, init: RequestInit): Promise<T> {
  const { answer, text } = await exchange(url, init)
  if (answer.ok) return (text === '' ? undefined : dataIn(text)) as T
  throw new DevRefused(answer.status, sentenceOf(text) ?? t('dev.refused', { status: answer.status }))
}

async function exchange(url: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url, init)
    return { answer, text: await answer.text() }
  } catch (error) {
    throw new HostAway(networkReason(error as Error), error)
  }
}

function dataIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HostAway(t('dev.noJson'), cause)
  }
}

interface ProblemDocument {
  readonly code?: string
  readonly detail?: string
  readonly errors?: readonly { readonly message: string; readonly finding?: string; readonly params?: FindingParams }[]
}

/** What a problem document says, with each of its errors; by their codes where these are known here. */
function sentenceOf(text: string): string | undefined {
  try {
    const { code = '', detail, errors = [] } = JSON.parse(text) as ProblemDocument
    if (!detail) return undefined
    const each = errors.map(({ message, finding, params = {} }) => {
      const told = finding === undefined ? undefined : toldFinding({ code: finding, params })
      return `  ${told ?? message}`
    })
    return [messageOf(`problem.${code}`, { detail }) ?? detail, ...each].join('\n')
  } catch {
    return undefined
  }
}
