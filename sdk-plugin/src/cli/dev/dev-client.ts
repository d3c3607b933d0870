/** What a host answered that it does not want. */
export class DevRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Nobody answers where the host was, or not in whole. */
export class HostAway extends Error {}

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
  throw new DevRefused(answer.status, sentenceOf(text) ?? `The host answered ${answer.status}.`)
}

async function exchange(url: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url, init)
    return { answer, text: await answer.text() }
  } catch (error) {
    // fetch says "fetch failed"; why, such as a certificate that is not trusted, is its cause.
    const why = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
    throw new HostAway(`The host does not answer any more${why}.`, { cause: error })
  }
}

function dataIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HostAway('What answers is no host: it sent no JSON.', { cause })
  }
}

/** `detail` of a problem document, with each of its errors. */
function sentenceOf(text: string): string | undefined {
  try {
    const { detail, errors = [] } = JSON.parse(text) as { detail?: string; errors?: { message: string }[] }
    return detail && [detail, ...errors.map(({ message }) => `  ${message}`)].join('\n')
  } catch {
    return undefined
  }
}
