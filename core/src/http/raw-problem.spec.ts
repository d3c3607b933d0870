import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLog } from '../observability/log.ts'
import { answerProblem } from './raw-problem.ts'

const server = createServer((request, response) => answerProblem(request, response, thrown, createLog('silent')))
let thrown: unknown
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

it.each([
  ['a database that is away', Object.assign(new Error('x'), { name: 'MongoServerSelectionError' }), 503, 'unavailable'],
  ['a full disk', Object.assign(new Error('x'), { code: 'ENOSPC' }), 503, 'unavailable'],
  ['a mistake of ours', new TypeError('x'), 500, 'internal_error'],
  ['what is no error', 'x', 500, 'internal_error'],
])('before hapi, %s is answered as behind it', async (_what, error, status, code) => {
  thrown = error
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code, status })])
  expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null)
})
