import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Haproxy, haproxyInstalled, startHaproxy } from '../support/haproxy.ts'

/** What one host does with a request; a check is answered by `ready`. */
interface Standing {
  ready: 200 | 404 | 'hangs'
  answer: 'answers' | 'hangs' | 'ends'
}

class Host {
  readonly standing: Standing = { ready: 200, answer: 'answers' }
  /** What arrived beside checks, `METHOD path`. */
  readonly arrived: string[] = []
  readonly held: ServerResponse[] = []
  checks = 0
  readonly #number: number
  readonly #server: Server

  constructor(number: number) {
    this.#number = number
    this.#server = createServer((request, response) => this.#serve(request, response))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  release(): void {
    for (const response of this.held.splice(0)) this.#answer(response)
  }

  #serve({ method, url }: IncomingMessage, response: ServerResponse): void {
    if (url === '/readyz?unready=404') {
      this.checks += 1
      if (this.standing.ready !== 'hangs') response.writeHead(this.standing.ready).end()
      return
    }
    this.arrived.push(`${method} ${url}`)
    if (this.standing.answer === 'hangs') this.held.push(response)
    else if (this.standing.answer === 'ends') response.destroy()
    else this.#answer(response)
  }

  /** As a host does that is not ready: it says so itself. */
  #answer(response: ServerResponse): void {
    const status = this.standing.ready === 200 ? 200 : 503
    response.writeHead(status, { 'retry-after': '7' }).end(`host ${this.#number}`)
  }
}

const described = haproxyInstalled ? describe : describe.skip

described(`the configuration of docs/proxy.md${haproxyInstalled ? '' : ' (needs haproxy)'}`, () => {
  let hosts: [Host, Host, Host]
  let proxy: Haproxy

  beforeEach(async () => {
    hosts = [new Host(1), new Host(2), new Host(3)]
    for (const host of hosts) await host.start()
    proxy = await startHaproxy([hosts[0].port, hosts[1].port, hosts[2].port])
    await until(() => hosts.every(({ checks }) => checks > 0))
    for (const host of hosts) host.arrived.length = 0
  })
  afterEach(async () => {
    await proxy.stop()
    for (const host of hosts) await host.stop()
  })

  const ask = async (path: string, method = 'GET', headers: Record<string, string> = {}) => {
    const response = await fetch(proxy.url + path, { method, headers })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const arrivals = (what: string) => hosts.flatMap(({ arrived }) => arrived).filter((one) => one === what)
  const keyed = { 'idempotency-key': 'same-change' }
  const allFor = (standing: Partial<Standing>) => hosts.forEach((host) => Object.assign(host.standing, standing))

  it('gives a host that hangs no more than its share of what is under way, and asks others again', async () => {
    Object.assign(hosts[0].standing, { ready: 'hangs', answer: 'hangs' })
    const statuses = new Set<number>()
    // Four at a time: with turns instead, all four would soon wait for the one that hangs.
    const askers = ['GET', 'POST', 'GET', 'POST'].map(async (method, asker) => {
      for (let n = 0; n < 25; n += 1) statuses.add((await ask(`/${asker}/${n}`, method, keyed)).status)
    })
    await Promise.all(askers)
    expect([...statuses]).toEqual([200])
    expect(hosts[0].arrived.length).toBeLessThanOrEqual(2)
  })

  it('sends a change twice only when its sender named it', async () => {
    allFor({ answer: 'ends' })
    // Over HTTP/1.1 it answers 502, or nothing on a connection that it used before.
    for (const headers of [{}, keyed]) {
      const failed = await ask(`/change/${Object.keys(headers).length}`, 'POST', headers).catch(() => undefined)
      expect([undefined, 502]).toContain(failed?.status)
    }
    expect(arrivals('POST /change/0')).toHaveLength(1)
    expect(arrivals('POST /change/1').length).toBeGreaterThan(1)
  })

  it('lets what is under way end where a host is not ready, and sends it nothing new', async () => {
    Object.assign(hosts[0].standing, { answer: 'hangs' })
    const asked = [1, 2, 3].map((n) => ask(`/early/${n}`, 'POST'))
    await until(() => hosts[0].held.length > 0)
    Object.assign(hosts[0].standing, { ready: 404 })
    const seen = hosts[0].checks
    await until(() => hosts[0].checks > seen + 5)
    const before = hosts[0].arrived.length
    for (let n = 0; n < 20; n += 1) expect((await ask(`/late/${n}`)).status).toBe(200)
    expect(hosts[0].arrived.length).toBe(before)
    Object.assign(hosts[0].standing, { ready: 200 })
    hosts[0].release()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('lets hosts speak for themselves when none is ready', async () => {
    allFor({ ready: 404 })
    for (const host of hosts) host.checks = 0
    await until(() => hosts.every(({ checks }) => checks > 5))
    const { status, headers, text } = await ask('/')
    expect([status, headers.get('retry-after'), text]).toEqual([503, '7', expect.stringMatching(/^host \d$/)])
  })

  it('says when to come back where there is no host at all', async () => {
    for (const host of hosts) await host.stop()
    const { status, headers, text } = await ask('/', 'POST')
    expect([status, headers.get('retry-after')]).toEqual([503, '5'])
    expect(JSON.parse(text)).toMatchObject({ status: 503, code: 'unavailable' })
    for (const host of hosts) await host.start()
  })
})

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
