import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiProblem } from './api-problem.ts'
import { createApi } from './create-api.ts'
import { retryAfterSeconds } from './problem-of.ts'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let server: Server
let base: string
let seen: Seen | undefined
let answer: (response: ServerResponse) => void

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function answers(status: number, body: unknown, headers: Record<string, string> = {}): void {
  answer = (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

async function problemOfGet(): Promise<ApiProblem> {
  const error: unknown = await createApi({ base })
    .get('/x')
    .then(
      () => undefined,
      (cause: unknown) => cause,
    )
  if (!(error instanceof ApiProblem)) throw new Error(`not an ApiProblem: ${String(error)}`)
  return error
}

describe('requests', () => {
  test('a read carries query, language and background mark, and no content type', async () => {
    answers(200, { a: 1 })
    const api = createApi({ base, locale: () => 'pt-BR' })
    expect(await api.get('/things', { query: { q: 'año & 1', page: 2, none: undefined }, background: true })).toEqual({
      a: 1,
    })
    expect(seen?.url).toBe('/api/things?q=a%C3%B1o+%26+1&page=2')
    expect(seen?.headers).toMatchObject({ 'accept-language': 'pt-BR', 'x-dcesop-background': '1' })
    expect(seen?.headers['content-type']).toBeUndefined()
  })

  test('a write is JSON with its idempotency key and precondition', async () => {
    answers(200, {})
    await createApi({ base }).put('/things/1', { name: 'ñ' }, { idempotencyKey: 'k1', ifMatch: '"3"' })
    expect(seen).toMatchObject({ method: 'PUT', body: '{"name":"ñ"}' })
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'k1',
      'if-match': '"3"',
    })
    expect(seen?.headers['x-dcesop-background']).toBeUndefined()
    await createApi({ base }).put('/things/2', {}, { ifNoneMatch: '*' })
    expect(seen?.headers['if-none-match']).toBe('*')
  })

  test('an empty answer is undefined; headers can be seen', async () => {
    answer = (response) => response.writeHead(204, { etag: '"4"' }).end()
    let etag: string | null = null
    expect(
      await createApi({ base }).delete('/things/1', { onHeaders: (headers) => (etag = headers.get('etag')) }),
    ).toBeUndefined()
    expect(etag).toBe('"4"')
  })
})

describe('problems', () => {
  test('every member of problem+json arrives', async () => {
    const errors = [{ pointer: '/reason', code: 'too_short', message: 'At least 8 characters.' }]
    answers(
      403,
      {
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        code: 'step_up_required',
        detail: 'Confirm first.',
        errors,
        traceId: 't1',
        operation: 'plugin.enable',
        parameters: { id: 'x' },
      },
      { 'content-type': 'application/problem+json', 'retry-after': '7' },
    )
    expect(await problemOfGet()).toMatchObject({
      status: 403,
      code: 'step_up_required',
      detail: 'Confirm first.',
      errors,
      traceId: 't1',
      retryAfter: 7,
      extensions: { operation: 'plugin.enable', parameters: { id: 'x' } },
    })
  })

  test.each([
    ['an HTML page of a proxy', '<html>Bad gateway</html>', 'text/html'],
    ['truncated JSON', '{"code":"x', 'application/problem+json'],
    ['JSON that is no object', '[1]', 'application/json'],
  ])('%s leaves the status', async (_name, body, type) => {
    answers(502, body, { 'content-type': type })
    expect(await problemOfGet()).toMatchObject({ status: 502, code: 'http_502', detail: '' })
  })

  test('broken JSON with status 200 is a problem too', async () => {
    answers(200, '{"a":')
    expect(await problemOfGet()).toMatchObject({ status: 200, code: 'invalid_answer' })
  })

  test('a server that is not there is unreachable', async () => {
    const error = await createApi({ base: 'http://127.0.0.1:1/api' })
      .get('/x')
      .catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'ApiProblem', status: 0, code: 'unreachable' })
  })

  test('an abort is not a problem', async () => {
    answer = () => {}
    const controller = new AbortController()
    const problems: ApiProblem[] = []
    const request = createApi({ base, onProblem: (problem) => problems.push(problem) }).get('/slow', {
      signal: controller.signal,
    })
    controller.abort()
    await expect(request).rejects.toMatchObject({ name: 'AbortError' })
    expect(problems).toEqual([])
  })

  test('the shell sees a problem before the caller', async () => {
    answers(401, { code: 'session_ended' }, { 'content-type': 'application/problem+json' })
    const codes: string[] = []
    await expect(createApi({ base, onProblem: ({ code }) => codes.push(code) }).get('/x')).rejects.toBeInstanceOf(
      ApiProblem,
    )
    expect(codes).toEqual(['session_ended'])
  })
})

test.each([
  ['120', 120],
  ['0', 0],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After %s is %s seconds', (header, expected) => {
  expect(retryAfterSeconds(header, Date.parse('2026-03-01T12:00:00Z'))).toBe(expected)
})

describe('a request refused for want of a session', () => {
  const refusal = { code: 'not_signed_in' }

  /** Refuses as long as the old token comes, as a host does after a renewal. */
  function renews(): { asked: number } {
    const told = { asked: 0 }
    answer = (response) => {
      told.asked += 1
      response.writeHead(told.asked === 1 ? 401 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(told.asked === 1 ? refusal : { done: true }))
    }
    return told
  }

  test('is made once more, as it was, when the session lives after all, and nobody hears of a problem', async () => {
    const told = renews()
    const problems: ApiProblem[] = []
    const api = createApi({
      base,
      onProblem: (problem) => problems.push(problem),
      signedInAfterAll: () => Promise.resolve(true),
    })
    expect(await api.post('/things', { a: 1 }, { idempotencyKey: 'k1' })).toEqual({ done: true })
    expect([told.asked, problems]).toEqual([2, []])
    expect(seen).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { 'idempotency-key': 'k1' } })
  })

  test('is refused when the session is over, and when it is refused once more', async () => {
    for (const lives of [false, true]) {
      answers(401, refusal)
      const problems: ApiProblem[] = []
      const api = createApi({
        base,
        onProblem: (problem) => problems.push(problem),
        signedInAfterAll: () => Promise.resolve(lives),
      })
      await expect(api.get('/things')).rejects.toMatchObject({ status: 401, code: 'not_signed_in' })
      expect(problems).toHaveLength(1)
    }
  })

  test('is no question of wrong credentials', async () => {
    answers(401, { code: 'sign_in_failed' })
    const signedInAfterAll = jest.fn(() => Promise.resolve(true))
    await expect(createApi({ base, signedInAfterAll }).post('/auth/login', {})).rejects.toMatchObject({ status: 401 })
    expect(signedInAfterAll).not.toHaveBeenCalled()
  })
})
