import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createLog } from '../observability/log.ts'
import { Overload } from './overload.ts'
import { splitListener } from './raw-door.ts'

const lines: string[] = []
const log = createLog('info', { write: (line: string) => void lines.push(line) })
const to = (url: string) => ({ url }) as IncomingMessage

/** A process that answers `perSecond` while `underWay` wait, after two seconds of it. */
function after(utilization: number, underWay: number, perSecond: number) {
  const requests = { underWay, answered: 0 }
  const overload = new Overload(() => requests, log)
  const sample = (share: number) => {
    requests.answered += perSecond / 10
    overload.sample(share, 0.1)
  }
  for (let n = 0; n < 20; n += 1) sample(utilization)
  return { overload, requests, sample }
}

beforeEach(() => {
  lines.length = 0
})

describe('a process with no time left', () => {
  it.each([
    ['refuses what would wait too long', 1, 900, 2000, 503],
    ['takes what it answers soon', 1, 500, 2000, undefined],
    ['takes a few, however slowly it answers', 1, 300, 10, undefined],
    ['takes any number that waits for something else', 0.9, 5000, 10, undefined],
  ])('%s', (_what, utilization, underWay, perSecond, status) => {
    const { overload } = after(utilization, underWay, perSecond)
    expect(overload.refusal(to('/api/session'))?.status).toBe(status)
  })

  it('answers whoever asks how it is', () => {
    const { overload } = after(1, 900, 2000)
    for (const url of ['/healthz', '/readyz', '/metrics']) expect(overload.refusal(to(url))).toBeUndefined()
  })

  it('takes everything again once it has time, and tells both once', () => {
    const { overload, requests, sample } = after(1, 900, 2000)
    for (let n = 0; n < 5; n += 1) overload.refusal(to('/'))
    requests.underWay = 20
    expect(overload.refusal(to('/'))).toBeUndefined()
    sample(0.3)
    requests.underWay = 900
    expect(overload.refusal(to('/'))).toBeUndefined()
    expect(lines.map((line) => (JSON.parse(line) as { msg: string; refused?: number }).msg)).toEqual([
      'overloaded; new requests are refused',
      'no longer overloaded',
    ])
    expect(JSON.parse(lines[1] as string)).toMatchObject({ refused: 5 })
  })
})

it('refuses with a problem, and reads the body away so that the answer arrives', async () => {
  const { overload } = after(1, 900, 2000)
  const listener = createServer()
  splitListener(listener, undefined, log, (request) => overload.refusal(request)).on('request', (_request, response) =>
    response.end('served'),
  )
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const refused = await fetch(`${url}/api/session`, { method: 'POST', body: 'x'.repeat(1_000_000) })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toMatchObject({ code: 'unavailable', status: 503 })
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('served')
  listener.close()
  listener.closeAllConnections()
})
