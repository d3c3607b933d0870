import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createLog } from '../observability/log.ts'
import { Overload } from './overload.ts'
import { splitListener } from './raw-door.ts'
import { type LoopModel, type Outcome, runLoop } from './testing/loop-model.ts'

const lines: string[] = []
const log = createLog('info', { write: (line: string) => void lines.push(line) })
const to = (url: string) => ({ url }) as IncomingMessage

beforeEach(() => {
  lines.length = 0
})

/** A process whose loop works for so much of each 50 ms, and in a second answers so many requests and is asked for so many more than it takes. */
function processWith(underWay: number) {
  const requests = { underWay, answered: 0 }
  const clock = { now: 0, idle: 0 }
  const overload = new Overload(() => requests, log, { now: () => clock.now, idle: () => clock.idle })
  const takes = (url = '/api/session') => overload.refusal(to(url)) === undefined
  const spend = (ms: number, busy: number, perSecond = 2000, tooMany = 0) => {
    for (const end = clock.now + ms; clock.now < end;) {
      clock.now += 50
      clock.idle += 50 * (1 - busy)
      requests.answered += perSecond / 20
      const { underWay: before } = requests
      requests.underWay = 1e6
      for (let n = 0; n < tooMany / 20; n += 1) requests.answered += takes() ? 0 : 1
      requests.underWay = before
      overload.look()
    }
  }
  return { overload, requests, clock, spend, takes }
}

describe('a process with no time left', () => {
  it.each([
    ['takes a crowd that came at once', 200, 2000, 0, 900, true],
    ['refuses what would wait too long even then', 200, 2000, 0, 1100, false],
    ['takes hundreds, however slowly it answers', 200, 10, 0, 300, true],
    ['takes those who wait for an answer before they ask again, however long', 60_000, 10, 0, 300, true],
    ['refuses in a flood what it does not answer at once', 3000, 2000, 8000, 350, false],
    ['takes what keeps it busy in a flood', 3000, 2000, 8000, 250, true],
    ['takes a few in a flood', 3000, 10, 1000, 30, true],
  ])('%s', (_what, ms, perSecond, tooMany, underWay, taken) => {
    const { requests, spend, takes } = processWith(0)
    spend(2000, 0.5, perSecond / 2)
    spend(ms, 1, perSecond, tooMany)
    requests.underWay = underWay
    expect(takes()).toBe(taken)
  })

  it('refuses one that waited for half a second before it began, but not for somebody who held the process', () => {
    const { overload, requests, spend, clock } = processWith(10)
    spend(2000, 0.5)
    requests.underWay = 500
    const begins = (waitedMs: number) => overload.refusal(to('/api/session'), 0, waitedMs) === undefined
    clock.now += 3000
    expect(begins(3000)).toBe(true)
    spend(200, 1)
    expect([begins(600), begins(400)]).toEqual([false, true])
  })

  it('keeps a few waiting, however long', () => {
    const { overload, spend } = processWith(60)
    spend(2000, 1, 20)
    expect(overload.refusal(to('/api/session'), 59, 2000)).toBeUndefined()
  })

  it('does not count what was under way before, for example waits for a slow plugin', () => {
    const { requests, spend, takes } = processWith(400)
    spend(3000, 0.5, 100)
    spend(3000, 1, 200, 1000)
    requests.underWay = 405
    expect(takes()).toBe(true)
    requests.underWay = 450
    expect(takes()).toBe(false)
  })

  it('answers whoever asks how it is', () => {
    const { requests, spend, takes } = processWith(0)
    spend(3000, 1)
    requests.underWay = 2000
    for (const url of ['/healthz', '/readyz', '/readyz?unready=404', '/metrics']) expect(takes(url)).toBe(true)
    expect(takes('/readyz2')).toBe(false)
  })

  it('takes everything again within a second of having time, and tells both once', () => {
    const { requests, spend, takes } = processWith(0)
    spend(3000, 1)
    requests.underWay = 2000
    spend(50, 1)
    for (let n = 0; n < 5; n += 1) takes()
    requests.underWay = 20
    expect(takes()).toBe(true)
    spend(1000, 0.3)
    requests.underWay = 5000
    expect(takes()).toBe(true)
    expect(lines.map((line) => (JSON.parse(line) as { msg: string; refused?: number }).msg)).toEqual([
      'overloaded; new requests are refused',
      'no longer overloaded',
    ])
    expect(JSON.parse(lines[1] as string)).toMatchObject({ refused: 5 })
  })

  it('notices it at an arrival, too, since its timer is late just then', () => {
    const { clock, requests, takes } = processWith(900)
    for (let n = 0; n < 2; n += 1) {
      clock.now += 60
      takes()
    }
    expect([requests.underWay, takes()]).toEqual([900, false])
  })
})

it('takes any number that waits for something else', () => {
  const { spend, takes } = processWith(5000)
  spend(3000, 0.9, 10)
  expect(takes()).toBe(true)
})

/** So many evenly spread arrivals in a second, ms. */
const steadily = (perSecond: number, from: number, to: number) =>
  Array.from({ length: ((to - from) / 1000) * perSecond }, (_, n) => from + (n * 1000) / perSecond)

function percentile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] as number
}

/** 60 s with five times what one loop can answer, between times with half of it. */
function fiveTimes(workMs: number) {
  const requests = { underWay: 0, answered: 0 }
  const clock = { now: 0, idle: 0 }
  const overload = new Overload(() => requests, log, { now: () => clock.now, idle: () => clock.idle })
  const model: LoopModel = { overload, requests, clock, workMs, waitMs: 6, readMs: 0.04, refusalMs: 0.06 }
  const all = 1000 / workMs
  const arrivals = [
    ...steadily(all / 2, 0, 5000),
    ...steadily(all * 5, 5000, 65_000),
    ...steadily(all / 2, 65_000, 75_000),
  ]
  const { answered, refused } = runLoop(model, { arrivals })
  const during = (outcomes: readonly Outcome[]) => outcomes.filter(({ at }) => at >= 5000 && at < 65_000)
  return {
    answered: during(answered),
    refused,
    possible: 60 * all,
    refusedAfter: refused.filter((one) => one.at > 66_000),
  }
}

describe('five times what it can answer', () => {
  it.each([1, 2])('is answered within a second or refused within 50 ms, at %d ms of work each', (workMs) => {
    const { answered, refused, possible, refusedAfter } = fiveTimes(workMs)
    expect(percentile(answered, 0.99)).toBeLessThan(1000)
    expect(percentile(refused, 0.5)).toBeLessThan(50)
    // Refusals take time as well: with 1 ms for an answer half of it, and no more than 0.53 is possible.
    expect(answered.length / possible).toBeGreaterThan(0.5)
    expect(refusedAfter).toEqual([])
  })
})

describe('fifteen hundred clients who ask again as soon as they are answered', () => {
  it('leave the timers their turn, and those who are taken wait no second', () => {
    const requests = { underWay: 0, answered: 0 }
    const clock = { now: 0, idle: 0 }
    const overload = new Overload(() => requests, log, { now: () => clock.now, idle: () => clock.idle })
    const model: LoopModel = { overload, requests, clock, workMs: 1, waitMs: 6, readMs: 0.04, refusalMs: 0.06 }
    const { answered, longestTurnMs } = runLoop(model, { clients: 1500, until: 20_000 })
    const later = answered.filter(({ at }) => at > 1000)
    expect(longestTurnMs).toBeLessThan(250)
    expect(percentile(later, 0.99)).toBeLessThan(1000)
    expect(later.length / 19_000).toBeGreaterThan(0.5)
  })
})

it('refuses with a problem, and reads the body away so that the answer arrives', async () => {
  const { overload, requests, spend } = processWith(0)
  spend(3000, 1)
  requests.underWay = 2000
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

it('lets in by what it could answer of late, and not by what refusals leave it time for', () => {
  const { requests, spend, takes } = processWith(0)
  spend(2000, 1, 4000)
  spend(5000, 1, 200, 8000)
  requests.underWay = 200
  expect(takes()).toBe(true)
  requests.underWay = 1000
  expect(takes()).toBe(false)
})
