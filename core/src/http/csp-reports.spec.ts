import type { Log } from '../ports.ts'
import { cspReportRoutes } from './csp-reports.ts'
import { startTestDoor, type TestDoor } from './testing/test-door.ts'

const logged: unknown[] = []
const counted: string[] = []
const log = { warn: (fields: unknown) => void logged.push(fields) } as Partial<Log> as Log
let door: TestDoor

beforeAll(async () => {
  door = await startTestDoor({}, [cspReportRoutes(log, (directive) => void counted.push(directive))])
})
beforeEach(() => {
  logged.length = 0
  counted.length = 0
})
afterAll(() => door.stop())

const send = (body: unknown, type = 'application/reports+json') =>
  fetch(`${door.url}/api/csp-reports`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

it('are asked for by every page', async () => {
  const { headers } = await fetch(`${door.url}/`)
  expect(headers.get('content-security-policy')).toContain(
    "; require-trusted-types-for 'script'; trusted-types vue default; ",
  )
  expect(headers.get('content-security-policy')).toMatch(/; report-to csp; report-uri \/api\/csp-reports$/)
  expect(headers.get('reporting-endpoints')).toBe('csp="/api/csp-reports"')
})

it('are logged and counted in either form, without what may be about people', async () => {
  const body = {
    effectiveDirective: 'script-src-elem',
    documentURL: 'https://console.example/customers/br/c1?phone=1#x',
    blockedURL: 'https://evil.example/x.js?who=ana',
    sourceFile: null,
  }
  const page = 'https://console.example/customers/br/c1'
  expect(
    (
      await send([
        { type: 'csp-violation', body },
        { type: 'deprecation', body: {} },
      ])
    ).status,
  ).toBe(204)
  const old = { 'document-uri': page, 'violated-directive': "img-src 'self'", 'blocked-uri': 'inline' }
  expect((await send({ 'csp-report': old }, 'application/csp-report')).status).toBe(204)
  expect(logged).toEqual([
    { directive: 'script-src-elem', page, blocked: 'https://evil.example/x.js', source: '' },
    { directive: 'img-src', page, blocked: 'inline', source: '' },
  ])
  expect(counted).toEqual(['script-src-elem', 'img-src'])
})

it('name each directive of our own policy', async () => {
  const policy = (await fetch(`${door.url}/`)).headers.get('content-security-policy') ?? ''
  const names = policy.split('; ').map((directive) => directive.split(' ')[0] as string)
  const enforced = names.filter((name) => !name.startsWith('report-'))
  const body = (effectiveDirective: string) => ({ type: 'csp-violation', body: { effectiveDirective } })
  expect((await send(enforced.map(body))).status).toBe(204)
  expect(counted).toEqual(enforced)
})

it('are refused where they are none, and of another page’s form', async () => {
  for (const body of ['{', '5', '{}', [{ type: 'csp-violation', body: 5 }]]) expect((await send(body)).status).toBe(400)
  expect((await send({}, 'text/plain')).status).toBe(415)
  expect((await send('x'.repeat(20_000))).status).toBe(413)
})

it('fill neither the log nor the metrics, whoever sends them', async () => {
  const many = Array.from({ length: 200 }, (_, n) => ({
    type: 'csp-violation',
    body: { effectiveDirective: `made-up-${n}` },
  }))
  for (let n = 0; n < 5; n += 1) expect((await send(many)).status).toBe(204)
  expect(new Set(counted)).toEqual(new Set(['other']))
  expect(counted).toHaveLength(100)
  expect(logged.length).toBeLessThan(100)
})
