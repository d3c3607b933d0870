import { newPublisherKey, readPublicKeys } from '@dcesop/sdk-plugin/signing'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Harness, startData } from '../testing/harness.ts'

let answer = '{}'
let status = 200
/** Requests that named what was seen, by address. */
const seen = new Map<string | undefined, string | undefined>()
const registry = createServer((request, response) => {
  seen.set(request.url, request.headers['if-match'])
  response.writeHead(request.method === 'POST' ? status : 200).end(answer)
})
let data: Awaited<ReturnType<typeof startData>>
let host: Harness

beforeAll(async () => {
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  data = await startData()
  host = await Harness.start(data.data, {
    registry: {
      url: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
      roots: readPublicKeys([newPublisherKey().publicKey]),
      regions: ['br'],
      channel: 'stable',
      refreshMs: 86_400_000,
      bundleMaxAgeDays: 30,
      react: { security: 'act', legal: 'act', defect: 'tell', withdrawn: 'tell', flagged: 'act', unapproved: 'act' },
    },
  })
})

afterAll(async () => {
  await host?.stop()
  await data?.stop()
  registry.close()
})

const version = '/api/admin/registry/plugins/notes/versions/1.0.0'

it.each(['null', '[]', '7', '"text"', '', '{'])('takes %j for no answer of a registry', async (text) => {
  answer = text
  expect(await host.call('GET', version, { as: 'admin' })).toMatchObject({
    status: 503,
    json: { code: 'registry_unreachable', told: { id: 'answer.form' } },
  })
})

it('tells of a registry that gives no answer by an id, for every language', async () => {
  answer = '['
  expect((await host.call('POST', '/api/admin/registry/refresh', { as: 'admin' })).json).toMatchObject({
    reachable: false,
    problem: "The registry's answer to /-/dcesop/v1/keys is no JSON object.",
    told: { id: 'answer.form', params: { path: '/-/dcesop/v1/keys' } },
  })
  answer = '{}'
  expect((await host.call('POST', '/api/admin/registry/refresh', { as: 'admin' })).json).toMatchObject({
    told: { id: 'registry.unsigned' },
  })
})

it('shows the page of a version without approvals that are none', async () => {
  for (const approvals of ['null', '7', '[null, 1, {"region": {}}]']) {
    answer = `{"checks": [], "approvals": ${approvals}}`
    expect(await host.call('GET', version, { as: 'admin' })).toMatchObject({ status: 200, json: { approvals: [] } })
  }
  answer = '{"approvals": [null, {"region": "br", "state": "approved"}]}'
  expect((await host.call('GET', version, { as: 'admin' })).json).toEqual({
    approvals: [{ region: 'br', state: 'approved' }],
  })
})

it('hands on what a decision was made on, and that something else is there by now', async () => {
  const wish = { region: 'br', decision: 'approve' }
  host.stepUp.grant('plugin.decision', { id: 'notes', version: '1.0.0', ...wish })
  status = 412
  answer = '{"code": "precondition_failed", "detail": "Something was decided about it since you read it."}'
  const headers = { 'if-match': '"5e"' }
  const body = { ...wish, token: 'a-token-of-a-person' }
  expect(await host.call('POST', `${version}/decisions`, { as: 'admin', body, headers })).toMatchObject({
    status: 412,
    json: { code: 'precondition_failed', detail: 'Something was decided about it since you read it.' },
  })
  status = 200
  expect(seen.get('/-/dcesop/v1/plugins/notes/versions/1.0.0/decisions')).toBe('"5e"')
})

it.each([
  '{"ok": true, "steps": [{"action": {"toString": 1}, "plugin": "notes", "version": "1.0.0"}]}',
  '{"ok": false, "conflict": [null]}',
  '{"ok": false, "conflict": [{"rule": "wish", "text": "No.", "code": "wish", "params": null}]}',
  '{"ok": false, "conflict": [{"rule": "wish", "text": "No.", "code": "wish", "params": {"range": {"a": 1}}}]}',
])('follows no plan that is none: %s', async (text) => {
  answer = text
  const body = { install: [{ plugin: 'notes' }] }
  expect(await host.call('POST', '/api/admin/registry/resolve', { as: 'admin', body })).toMatchObject({
    status: 502,
    json: { code: 'registry_declined' },
  })
})

it('passes on why a plan is impossible: with the codes, or of an older registry without', async () => {
  const old = { rule: 'wish', plugin: 'notes', text: 'The wish is "notes" in version *.' }
  const conflict = [old, { ...old, code: 'wish', params: { plugin: 'notes', range: '*' } }]
  answer = JSON.stringify({ ok: false, conflict, unknown: [] })
  const body = { install: [{ plugin: 'notes' }] }
  const { status, json } = await host.call('POST', '/api/admin/registry/resolve', { as: 'admin', body })
  expect([status, json]).toEqual([200, { ok: false, conflict, unknown: [] }])
})
