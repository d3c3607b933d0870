/** A machine client of one region. */
export interface MachineClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly region: string
}

async function failure(response: Response): Promise<Error> {
  return new Error(`${response.url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
}

/** An access token by client credentials (RFC 6749, 4.4). */
export async function accessToken(url: string, client: MachineClient): Promise<string> {
  const response = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
  })
  if (!response.ok) throw await failure(response)
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

export interface ImportReport {
  readonly received: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly errors: readonly { readonly line: number; readonly code: string; readonly message: string }[]
}

const mostAttempts = 10

/** Posts rows to `/import`, again after the time that a busy host names. */
export async function importRows(
  url: string,
  token: string,
  region: string,
  rows: readonly object[],
): Promise<ImportReport> {
  const target = new URL(`/api/plugins/customers/import?region=${region}`, url)
  const body = rows.map((row) => JSON.stringify(row)).join('\n')
  for (let attempt = 1; ; attempt++) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }
    const response = await fetch(target, { method: 'POST', headers, body })
    if (response.ok) return (await response.json()) as ImportReport
    const busy = [408, 429, 503].includes(response.status)
    if (!busy || attempt === mostAttempts) throw await failure(response)
    await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? 1) * 1000))
  }
}
