import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { contextOf } from '../http/request-context.ts'
import type { AuditRecord } from '../ports.ts'
import { Strangers } from './strangers.ts'

const records: AuditRecord[] = []
let failing = false
const audit = {
  async append(record: AuditRecord) {
    if (failing) throw new Error('the disk is full')
    records.push(record)
  },
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  records.length = 0
  failing = false
})
afterEach(() => void jest.useRealTimers())

function from(address: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  const request = Object.assign(new IncomingMessage(socket), { method: 'GET' })
  Object.assign(request.headers, headers)
  contextOf(request).route = '/api/secret'
  return request
}
const minute = () => jest.advanceTimersByTimeAsync(60_000)

const denied = { action: 'access.denied', outcome: 'denied', actor: { subject: 'anonymous', kind: 'anonymous' } }

describe('requests without a session', () => {
  it('are on record at once, and a flood of one address as its number each minute', async () => {
    const strangers = new Strangers(audit)
    const first = from('192.0.2.1')
    await strangers.refused(first)
    expect(records).toEqual([
      {
        ...denied,
        reason: 'session',
        resource: 'GET /api/secret',
        address: '192.0.2.1',
        traceId: contextOf(first).traceId,
      },
    ])
    for (let n = 0; n < 500; n += 1) await strangers.refused(from('192.0.2.1'))
    expect(records).toHaveLength(1)
    await minute()
    expect(records.slice(1)).toEqual([{ ...denied, reason: 'session', address: '192.0.2.1', details: { times: 500 } }])
    await strangers.refused(from('192.0.2.1'))
    await minute()
    expect(records.at(-1)?.details).toEqual({ times: 1 })
    await minute()
    await strangers.refused(from('192.0.2.1'))
    expect(records.slice(3)).toMatchObject([{ resource: 'GET /api/secret' }])
  })

  it('are told apart by address and by whether a token came with them', async () => {
    const strangers = new Strangers(audit)
    await strangers.refused(from('192.0.2.1'))
    await strangers.refused(from('192.0.2.2'))
    await strangers.refused(from('192.0.2.1', { authorization: 'Bearer guessed' }))
    expect(records.map(({ address, reason }) => [address, reason])).toEqual([
      ['192.0.2.1', 'session'],
      ['192.0.2.2', 'session'],
      ['192.0.2.1', 'token'],
    ])
    expect(JSON.stringify(records)).not.toContain('guessed')
  })

  it('of ever new addresses do not fill the memory or the record', async () => {
    const strangers = new Strangers(audit)
    for (let n = 0; n < 3_000; n += 1) await strangers.refused(from(`2001:db8::${n.toString(16)}`))
    expect(records).toHaveLength(1_001)
    await minute()
    expect(records.slice(1_001)).toEqual([{ ...denied, reason: 'session', details: { times: 1_999 } }])
  })

  it('that are counted when the host stops are on record', async () => {
    const strangers = new Strangers(audit)
    for (let n = 0; n < 4; n += 1) await strangers.refused(from('192.0.2.1'))
    await strangers.refused(from('192.0.2.2'))
    await strangers.close()
    await minute()
    expect(records.slice(2)).toEqual([{ ...denied, reason: 'session', address: '192.0.2.1', details: { times: 3 } }])
  })

  it('are refused otherwise, and counted again, when they cannot be recorded', async () => {
    const strangers = new Strangers(audit)
    failing = true
    await expect(strangers.refused(from('192.0.2.1'))).rejects.toThrow('the disk is full')
    failing = false
    for (let n = 0; n < 3; n += 1) await strangers.refused(from('192.0.2.1'))
    failing = true
    await minute()
    failing = false
    await minute()
    expect(records.map(({ details }) => details)).toEqual([undefined, { times: 2 }])
  })
})
