import { signedIn, startTestHost, TestClient, type TestHost } from '../composition/testing/test-host.ts'
import { tokens } from '../composition/tokens.ts'
import { AuditLog } from './audit-log.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
})
afterAll(() => host.stop())

const collection = () => host.container.get(tokens.data).core.db?.collection<{ _id: number; action: string }>('audit')
const sequences = async () =>
  (await collection()?.find({}).sort({ _id: 1 }).toArray())?.map(({ _id }) => _id) as number[]
const record = (n: number) =>
  ({
    action: 'customer.view',
    outcome: 'allowed',
    actor: { subject: 'a1', kind: 'employee' },
    region: 'br',
    resource: `c${n}`,
  }) as const

describe('audit', () => {
  it('numbers records without gaps, from several nodes at once, and resolves when they are stored', async () => {
    const data = host.container.get(tokens.data)
    const nodes = [new AuditLog(data, host.clock), new AuditLog(data, host.clock), host.container.get(tokens.audit)]
    await Promise.all(Array.from({ length: 300 }, (_, n) => nodes[n % 3]?.append(record(n))))
    const all = await sequences()
    expect(all).toEqual(all.map((_, index) => index + 1))
    expect(await collection()?.countDocuments({ action: 'customer.view' })).toBe(300)
    const before = all.length
    await nodes[0]?.append(record(300))
    expect(await collection()?.countDocuments({})).toBe(before + 1)
  })

  it('resolves for each of many at once only when its record can be read', async () => {
    const audit = host.container.get(tokens.audit)
    const missing = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        // Some come one after the other, so that groups of all sizes are written.
        if (n % 3 === 0) await new Promise((resolve) => setTimeout(resolve, n / 10))
        const resource = `stored${n}`
        await audit.append({ ...record(n), action: 'customer.note', resource })
        return (await collection()?.countDocuments({ resource } as object)) === 1 ? [] : [resource]
      }),
    )
    expect(missing.flat()).toEqual([])
  })

  it('holds sign-ins, refusals, denials and sign-outs with who, what, when, from where and the trace', async () => {
    const agent = await signedIn(host, 'agent.br')
    const signedInAt = host.clock.now().toISOString()
    await new TestClient(host.url).send('POST', '/api/auth/login', {
      username: 'agent.br',
      password: 'wrong-secret-typed',
    })
    await new TestClient(host.url).send('POST', '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: 'nobody',
      client_secret: 'wrong-secret-typed',
    })
    const denied = await agent.send('GET', '/api/admin/audit')
    await agent.send('POST', '/api/auth/logout')
    const admin = await signedIn(host, 'admin.br')
    const { body } = await admin.send('GET', '/api/admin/audit?limit=10')
    const records = body['records'] as {
      action: string
      outcome: string
      at: string
      traceId?: string
      address?: string
      reason?: string
    }[]
    const facts = records.map(({ action, outcome }) => `${action} ${outcome}`)
    expect(facts.slice(0, 6)).toEqual([
      'session.sign-in allowed',
      'session.sign-out allowed',
      'access.denied denied',
      'machine.token denied',
      'session.sign-in denied',
      'session.sign-in allowed',
    ])
    expect(records[2]?.traceId).toBe(denied.headers.get('x-trace-id'))
    expect(records[4]).toMatchObject({ reason: 'password', at: signedInAt })
    expect(facts.slice(0, 6).map((_, index) => records[index]?.address)).toEqual(Array(6).fill('127.0.0.1'))
    expect(JSON.stringify(records)).not.toMatch(/wrong-secret-typed|agent\.br|Ana Ribeiro/)
  })

  it('is read in pages, newest first, by those who may, of their regions, and the reading is recorded', async () => {
    await host.container.get(tokens.audit).append({ ...record(1), region: 'mx', resource: 'other-region' })
    const admin = await signedIn(host, 'admin2.br')
    const seen: number[] = []
    let next: unknown
    do {
      const { body } = await admin.send(
        'GET',
        `/api/admin/audit?action=customer.view&limit=100${next ? `&before=${String(next)}` : ''}`,
      )
      seen.push(...(body['records'] as { sequence: number }[]).map(({ sequence }) => sequence))
      next = body['next']
    } while (next !== undefined)
    expect(seen).toHaveLength(301)
    expect(seen).toEqual([...seen].sort((a, b) => b - a))
    expect((await admin.send('GET', '/api/admin/audit?resource=other-region')).body['records']).toEqual([])
    const { body } = await admin.send('GET', '/api/admin/audit?action=audit.read&limit=1')
    expect(body['records']).toMatchObject([{ action: 'audit.read' }])
    expect((await (await signedIn(host, 'manager.br')).send('GET', '/api/admin/audit')).status).toBe(403)
    for (const query of ['limit=0', 'limit=501', 'before=x', 'action[$gt]=', 'action=a&action=b', 'unknown=1']) {
      expect((await admin.send('GET', `/api/admin/audit?${query}`)).status).toBe(400)
    }
  })

  it('shows every reader who asked for a region that does not exist, without what they made up', async () => {
    const asked = { ...record(1), action: 'access.denied', outcome: 'denied', resource: 'GET /of/{region}' } as const
    await host.container.get(tokens.audit).append({ ...asked, region: 'made-up' })
    for (const reader of ['admin.br', 'admin.mx']) {
      const client = await signedIn(host, reader)
      const { body } = await client.send('GET', '/api/admin/audit?action=access.denied&limit=1')
      expect(body['records']).toMatchObject([{ resource: 'GET /of/{region}', actor: { subject: 'a1' } }])
      expect(JSON.stringify(body['records'])).not.toContain('made-up')
    }
  })

  it('names colleagues of the regions of who reads, and nobody else', async () => {
    const accounts = host.container.get(tokens.accounts)
    const [near, far, customer] = await Promise.all(
      ['agent.br', 'agent.mx', 'customer.br'].map((username) => accounts.byUsername(username)),
    )
    const subjects = [near?._id, far?._id, customer?._id, 'canary'] as string[]
    for (const subject of subjects)
      await host.container
        .get(tokens.audit)
        .append({ ...record(1), actor: { subject, kind: 'employee' }, resource: 'named' })
    const { body } = await (await signedIn(host, 'admin.br')).send('GET', '/api/admin/audit?resource=named')
    expect(body['records']).toHaveLength(4)
    expect(body['names']).toEqual({ [subjects[0] as string]: near?.displayName })
  })

  it('rejects what cannot be stored, and goes on with the next', async () => {
    const audit = host.container.get(tokens.audit)
    const unstorable = {
      toBSON: () => {
        throw new Error('cannot be stored')
      },
    }
    await expect(audit.append({ ...record(1), details: { a: unstorable as never } })).rejects.toThrow(
      'cannot be stored',
    )
    await audit.append(record(2))
    const all = await sequences()
    expect(all).toEqual(all.map((_, index) => index + 1))
  })
})

it('tells at the stop of the host how many more came without a session', async () => {
  const stopping = await startTestHost()
  const append = jest.spyOn(stopping.container.get(tokens.audit), 'append')
  for (let n = 0; n < 3; n += 1) await new TestClient(stopping.url).send('GET', '/api/me/preferences/theme')
  await stopping.stop()
  expect(append.mock.calls.map(([{ action, details }]) => [action, details])).toEqual([
    ['access.denied', undefined],
    ['access.denied', { times: 2 }],
  ])
})
