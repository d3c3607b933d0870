import { Problem } from '@dcesop/sdk-plugin'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLog } from '../observability/log.ts'
import { answerProblem } from './raw-problem.ts'

const lines: string[] = []
const log = createLog('info', { write: (line: string) => void lines.push(line) })
const server = createServer((request, response) => answerProblem(request, response, thrown, log))
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

it.each([
  ['a failure', new Problem(503, 'unavailable', 'x', { retryAfter: 5, cause: new Error('disk') }), 1],
  ['no refusal for a while', new Problem(503, 'plugin_busy', 'x', { retryAfter: 1 }), 0],
])('of each request is logged %s', async (_what, problem, count) => {
  lines.length = 0
  thrown = problem
  expect((await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).status).toBe(503)
  expect(lines).toHaveLength(count)
})
