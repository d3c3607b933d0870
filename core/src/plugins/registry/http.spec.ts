import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Declined, RegistryHttp } from './http.ts'
import { asProblem } from './problems.ts'

let server: Server
let answer: object
/** Instead of a refusal; `length` is announced and not kept. */
interface Odd {
  readonly status?: number
  readonly text?: string
  readonly length?: number
}
let odd: Odd | undefined
beforeAll((done) => {
  server = createServer((_request, response) => {
    if (!odd) return response.writeHead(409).end(JSON.stringify(answer))
    response.writeHead(odd.status ?? 200, odd.length === undefined ? {} : { 'content-length': odd.length })
    return odd.length === undefined ? response.end(odd.text) : response.write('x', () => response.destroy())
  }).listen(0, done)
})
afterAll((done) => void server.close(done))

const http = () => new RegistryHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
const ask = () => http().json('/')
const declined = async (): Promise<Declined> =>
  ask().then(
    () => Promise.reject(new Error('taken')),
    (error) => error,
  )

describe('a registry that gives no answer', () => {
  const unreachable = (id: string, params?: object) => ({
    code: 'registry_unreachable',
    options: { extensions: { told: { id, ...(params && { params }) } } },
  })

  it('is told by an id with the code of the system, for a text in any language', async () => {
    const gone = createServer().listen(0)
    const nobody = new RegistryHttp(`http://127.0.0.1:${(gone.address() as AddressInfo).port}`)
    await new Promise((resolve) => gone.close(resolve))
    await expect(asProblem(() => nobody.json('/'))).rejects.toMatchObject({
      detail: 'The registry does not answer (ECONNREFUSED).',
      ...unreachable('answer.failed', { code: 'ECONNREFUSED' }),
    })
  })

  it.each([
    ['answers with a failure of its own', { status: 502 }, 'answer.status', { status: 502, path: '/' }],
    ['breaks off', { length: 1000 }, 'answer.cut', { path: '/' }],
    ['says too much', { text: 'x'.repeat(20) }, 'answer.large', { path: '/', maxBytes: 10 }],
  ])('is told so when it %s', async (_what, { status = 200, length, text = '{}' }: Odd, id, params) => {
    odd = { status, text, ...(length !== undefined && { length }) }
    await expect(asProblem(() => http().download('/', 10))).rejects.toMatchObject(unreachable(id, params))
    odd = undefined
  })
})

describe('a refusal of the registry', () => {
  it('is passed on with its code, its sentence, and why, for a text in another language', async () => {
    const params = { version: '@a/b@1.0.0', flags: ['x'], count: 2 }
    answer = { code: 'decision_not_possible', detail: 'It cannot be.', reason: 'flagged', params }
    await expect(asProblem(ask)).rejects.toMatchObject({
      code: 'registry_declined',
      detail: 'It cannot be.',
      options: { extensions: { registryCode: 'decision_not_possible', registryReason: { code: 'flagged', params } } },
    })
  })

  it('brings nothing that is no parameter of a message', async () => {
    const params = { deep: { er: 1 }, list: [1], long: 'l'.repeat(2000), none: null, good: 'x' }
    answer = { code: 'decision_not_possible', reason: 'flagged', params }
    expect((await declined()).why).toEqual({ code: 'flagged', params: { good: 'x' } })
    answer = { code: 'decision_not_possible', reason: 'flagged', params: 'all' }
    expect((await declined()).why).toEqual({ code: 'flagged', params: {} })
    answer = { code: 'decision_not_possible', reason: '../x', params }
    expect((await declined()).why).toBeUndefined()
  })
})
