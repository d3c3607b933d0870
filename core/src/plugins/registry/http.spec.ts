import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Declined, RegistryHttp } from './http.ts'
import { asProblem } from './problems.ts'

let server: Server
let answer: object
beforeAll((done) => {
  server = createServer((_request, response) => response.writeHead(409).end(JSON.stringify(answer))).listen(0, done)
})
afterAll((done) => void server.close(done))

const ask = () => new RegistryHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).json('/')
const declined = async (): Promise<Declined> =>
  ask().then(
    () => Promise.reject(new Error('taken')),
    (error) => error,
  )

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
