import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadFailure } from './load-failure.ts'

const right = 'console.log("right")'
const hashOf = (content: string) => `sha384-${createHash('sha384').update(content).digest('base64')}`
const answers: Readonly<Record<string, [status: number, body: string]>> = {
  '/right.js': [200, right],
  '/changed.js': [200, 'console.log("changed")'],
  '/gone.js': [404, ''],
  '/broken.js': [502, 'a proxy’s page'],
}
const server = createServer((request, response) => {
  const answer = answers[request.url ?? '']
  if (!answer) return request.socket.destroy()
  response.writeHead(answer[0]).end(answer[1])
})
let baseUrl: string

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

it.each([
  ['changed.js', 'remote_damaged: changed.js'],
  ['gone.js', 'remote_missing: gone.js'],
  ['broken.js', 'remote_unreachable: broken.js'],
  ['cut.js', 'remote_unreachable: cut.js'],
  ['style.css', 'remote_failed: it threw'],
])('a version with %s failed by %s', async (name, message) => {
  const integrity = { 'right.js': hashOf(right), [name]: hashOf(right) }
  const failure = await loadFailure({ baseUrl, integrity }, new Error('it threw'))
  expect(failure.message).toBe(message)
  expect(message.startsWith(failure.code)).toBe(true)
})
