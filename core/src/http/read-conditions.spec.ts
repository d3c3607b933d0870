import { startTestDoor, type TestDoor } from './testing/test-door.ts'

let door: TestDoor
beforeAll(async () => {
  door = await startTestDoor()
})
afterAll(() => door.stop())

const file = '/main.0123abcd.js'
const past = 'Thu, 01 Jan 1990 00:00:00 GMT'
const future = 'Thu, 01 Jan 2099 00:00:00 GMT'

describe.each([file, '/'])('a condition on reading %s', (path) => {
  const get = (headers: Record<string, string>, method = 'GET') => fetch(door.url + path, { method, headers })
  const tagOf = async (coding: string) => (await get({ 'accept-encoding': coding })).headers.get('etag') as string

  it('holds for the tag that was sent, packed or not, and for any by the asterisk', async () => {
    for (const coding of ['identity', 'br']) {
      const etag = await tagOf(coding)
      for (const wanted of [etag, `"other", ${etag}`, '*'])
        expect((await get({ 'accept-encoding': coding, 'if-match': wanted })).status).toBe(200)
      for (const method of ['GET', 'HEAD']) expect((await get({ 'if-none-match': '*' }, method)).status).toBe(304)
    }
  })

  it('fails for another tag and a weak one, with a problem', async () => {
    for (const wanted of ['"other"', `W/${await tagOf('identity')}`, '']) {
      const answer = await get({ 'if-match': wanted })
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const body = (await answer.json()) as { traceId: string }
      expect(body).toMatchObject({ status: 412, code: 'precondition_failed' })
      expect(body.traceId).toBe(answer.headers.get('x-trace-id'))
    }
  })
})

it('a date by which a file was not to have changed is looked at where no tag is', async () => {
  const get = async (headers: Record<string, string>) => (await fetch(door.url + file, { headers })).status
  expect(await get({ 'if-unmodified-since': past })).toBe(412)
  expect(await get({ 'if-unmodified-since': future })).toBe(200)
  expect(await get({ 'if-unmodified-since': 'once' })).toBe(200)
  expect(await get({ 'if-unmodified-since': past, 'if-match': '*' })).toBe(200)
})
