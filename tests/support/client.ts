import { accountOf, machineOf, totpOf } from './accounts.ts'

export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

/** A script's view of the product: a cookie or bearer token, JSON in and out. */
export interface Client {
  request<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: HeadersInit,
  ): Promise<Answer<T>>
}

/** A client that keeps cookies, or sends a bearer token. */
function createClient(url: string, token?: string): Client {
  let cookie = ''
  return {
    async request<T>(method: string, path: string, body?: unknown, headers: HeadersInit = {}): Promise<Answer<T>> {
      const raw = typeof body === 'string' || body instanceof Uint8Array
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(cookie && { cookie }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...Object.fromEntries(new Headers(headers)),
        },
        ...(body !== undefined && { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
      })
      const set = response.headers.getSetCookie().map((line) => line.split(';')[0])
      if (set.length > 0) cookie = set.join('; ')
      const text = await response.text()
      const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, headers: response.headers, body: (json && text ? JSON.parse(text) : text) as T }
    },
  }
}

/** Signs in as a demo employee. TOTP codes work once, so a second sign-in of one account in 30 s takes the next code. */
export async function signIn(url: string, role: string, region: string): Promise<Client> {
  const account = accountOf(role, region)
  const client = createClient(url)
  for (const ahead of [0, 1, -1]) {
    const { username, password } = account
    const totp = totpOf(account, ahead)
    const answer = await client.request('POST', '/api/auth/login', { username, password, ...(totp && { totp }) })
    if (answer.status === 200) return client
    if (answer.status !== 401)
      throw new Error(`sign-in of ${username}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  throw new Error(`sign-in of ${account.username} was refused with three codes`)
}

/** A machine client with a bearer token for the scope. */
export async function machine(url: string, scope: string, region: string): Promise<Client> {
  const { clientId, clientSecret } = machineOf(scope, region)
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  })
  if (!response.ok) throw new Error(`token for ${clientId}: ${response.status} ${await response.text()}`)
  const { access_token: token } = (await response.json()) as { access_token: string }
  return createClient(url, token)
}
