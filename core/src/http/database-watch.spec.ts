import type { IncomingMessage } from 'node:http'
import { createLog } from '../observability/log.ts'
import { DatabaseWatch } from './database-watch.ts'

const lines: string[] = []
const log = createLog('info', { write: (line: string) => void lines.push(line) })

/** A watch on a database of which the spec decides when and how it answers. */
function watched() {
  const open: ((ready: boolean) => void)[] = []
  const check = () =>
    new Promise<{ ready: boolean }>((resolve, reject) =>
      open.push((ready) => (ready ? resolve({ ready }) : reject(new Error('gone')))),
    )
  const watch = new DatabaseWatch({ name: 'data', check }, log)
  return {
    watch,
    asked: () => open.length,
    takes: (url = '/api/auth/session') => watch.refusal({ url } as IncomingMessage) === undefined,
    looks: (count: number) => {
      for (let n = 0; n < count; n += 1) watch.look()
    },
    async answers(ready: boolean) {
      open.at(-1)?.(ready)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

beforeEach(() => {
  lines.length = 0
})

describe('a database that does not answer', () => {
  it('is waited for by nobody who needs it, until it is back; both are told once', async () => {
    const { watch, looks, takes, answers } = watched()
    looks(3)
    expect(takes()).toBe(true)
    looks(10)
    for (const url of ['/api/auth/session', '/api/plugins/customers/search?q=x', '/oauth/token'])
      expect(watch.refusal({ url } as IncomingMessage)).toMatchObject({
        status: 503,
        code: 'unavailable',
        options: { retryAfter: 5 },
      })
    for (const url of ['/', '/assets/main.js', '/healthz', '/readyz', '/metrics', '/docs/'])
      expect(takes(url)).toBe(true)
    await answers(true)
    expect(takes()).toBe(true)
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'the database does not answer; requests that need it are refused',
      'the database answers again',
    ])
  })

  it('is one as well whose connections are refused', async () => {
    const { looks, takes, answers } = watched()
    for (let n = 0; n < 3; n += 1) {
      expect(takes()).toBe(true)
      looks(1)
      await answers(false)
    }
    expect(takes()).toBe(false)
  })

  it('is no such one when it was late once, as behind an event loop that was held', async () => {
    const { looks, takes, answers } = watched()
    for (let n = 0; n < 5; n += 1) {
      looks(3)
      await answers(true)
    }
    expect(takes()).toBe(true)
  })

  it('is not asked again before it has answered', async () => {
    const { looks, asked, answers } = watched()
    looks(5)
    expect(asked()).toBe(1)
    await answers(true)
    looks(1)
    expect(asked()).toBe(2)
  })
})
