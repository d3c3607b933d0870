import { gzipSync } from 'node:zlib'
import type { Asked } from './asked-plugin.ts'

/** What a request may contain. */
export function contentCases(asked: Asked): void {
  const { at } = asked

  describe('what a request may contain', () => {
    const post = (raw: string | Buffer, headers = {}) => asked.harness.call('POST', at('/echo'), { raw, headers })

    it('takes what the schema says', async () => {
      expect(await post('{"name":"x","tags":["a"]}')).toMatchObject({ status: 200, json: { name: 'x', tags: ['a'] } })
      expect((await asked.harness.call('GET', at('/list?limit=5&q=a'))).json).toEqual({ limit: 5, q: 'a' })
    })

    it.each([
      ['an operator in place of a text', '{"name":{"$gt":""}}', 'invalid_request'],
      ['an unknown field', '{"name":"x","role":"admin"}', 'invalid_request'],
      ['a missing field', '{}', 'invalid_request'],
      ['a number, not coerced', '{"name":5}', 'invalid_request'],
      ['truncated JSON', '{"name":"x"', 'malformed_json'],
      ['nothing', '', 'malformed_json'],
      ['a prototype', '{"name":"x","__proto__":{"admin":true}}', 'forbidden_key'],
      [
        'broken UTF-8',
        Buffer.from([...Buffer.from('{"name":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
        'malformed_encoding',
      ],
    ])('refuses %s', async (_name, raw, code) => {
      expect(await post(raw)).toMatchObject({
        status: 400,
        json: { code },
        headers: { 'content-type': 'application/problem+json' },
      })
    })

    it('names each mistake with its place, and never the value', async () => {
      const { json, text } = await post('{"name":5,"tags":["ok",{"$ne":"hunter2"}],"extra":"hunter2"}')
      expect(json['errors']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ pointer: '/name', code: 'type' }),
          expect.objectContaining({ pointer: '/tags/1', code: 'type' }),
          expect.objectContaining({ code: 'additionalProperties' }),
        ]),
      )
      expect(text).not.toContain('hunter2')
    })

    it.each(['?q[$gt]=', '?limit=abc', '?limit=0', '?unknown=1', '?q=a&q=b', '?q=%zz', '?q=caf%e9'])(
      'refuses the query %s',
      async (query) => {
        expect(await asked.harness.call('GET', at(`/list${query}`))).toMatchObject({
          status: 400,
          json: { code: 'invalid_request' },
        })
      },
    )

    it('refuses what is too large, announced or not, packed or not', async () => {
      const large = JSON.stringify({ name: 'x'.repeat(2000) })
      expect((await post(large)).status).toBe(413)
      expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(413)
      expect(
        (await asked.harness.call('POST', at('/echo'), { raw: large, headers: { 'transfer-encoding': 'chunked' } }))
          .status,
      ).toBe(413)
    })

    it('takes only the declared media types', async () => {
      expect(await post('name=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
        status: 415,
      })
      expect(await post('{"name":"x"}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
      expect(await post('{"name":"x"}', { 'content-type': 'application/x-ndjson' })).toMatchObject({ status: 415 })
    })

    it('refuses a change that a page of another origin sends', async () => {
      expect(await post('{"name":"x"}', { origin: 'http://evil.example' })).toMatchObject({
        status: 403,
        json: { code: 'foreign_origin' },
      })
      expect(asked.harness.audit.records.at(-1)).toMatchObject({
        action: 'access.denied',
        actor: { subject: 'agent' },
        resource: `POST ${at('/echo')}`,
        reason: 'foreign_origin',
        plugin: 'demo',
        details: { origin: 'http://evil.example' },
      })
    })

    it('hands a stream over within its limit, unpacked', async () => {
      const type = { 'content-type': 'application/x-ndjson' }
      const lines = '{"a":1}\n'.repeat(500)
      expect((await asked.harness.call('POST', at('/ingest'), { raw: lines, headers: type })).json).toEqual({
        bytes: 4000,
      })
      for (const encoding of ['gzip', 'GZip', 'x-gzip']) {
        const headers = { ...type, 'content-encoding': encoding }
        const { json } = await asked.harness.call('POST', at('/ingest'), { raw: gzipSync(lines), headers })
        expect(json).toEqual({ bytes: 4000 })
      }
      const bomb = gzipSync('x'.repeat(5_000_000))
      expect(
        (
          await asked.harness.call('POST', at('/ingest'), {
            raw: bomb,
            headers: { ...type, 'content-encoding': 'gzip' },
          })
        ).status,
      ).toBe(413)
      expect(
        (
          await asked.harness.call('POST', at('/ingest'), {
            raw: 'not gzip',
            headers: { ...type, 'content-encoding': 'gzip' },
          })
        ).status,
      ).toBe(400)
    })
  })
}
