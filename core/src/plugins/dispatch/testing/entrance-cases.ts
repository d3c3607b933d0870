import type { Asked } from './asked-plugin.ts'

/** Who gets through to a plugin, and where a request goes. */
export function entranceCases(asked: Asked): void {
  const { at } = asked

  describe('who gets through', () => {
    it('asks for a sign-in first, also where there is no plugin', async () => {
      expect(await asked.harness.call('GET', at('/list'), { as: '' })).toMatchObject({
        status: 401,
        json: { code: 'not_signed_in' },
      })
      expect(asked.harness.audit.records.find(({ reason }) => reason === 'session')).toMatchObject({
        action: 'access.denied',
        actor: { kind: 'anonymous' },
        resource: 'GET /api/plugins/demo/list',
      })
      expect((await asked.harness.call('GET', '/api/plugins/nothing/x', { as: '' })).status).toBe(401)
    })

    it('refuses without the permission of the route, and records the denial', async () => {
      expect(await asked.harness.call('GET', at('/secret'))).toMatchObject({ status: 403, json: { code: 'forbidden' } })
      expect(asked.harness.audit.records.at(-1)).toMatchObject({
        action: 'access.denied',
        outcome: 'denied',
        actor: { subject: 'agent', sessionId: 's-agent' },
        reason: 'permission',
        details: { permission: 'demo:secret' },
        resource: 'GET /api/plugins/demo/secret',
        plugin: 'demo',
        address: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
      })
    })

    it('knows no region of others, and records who asks for one', async () => {
      expect(await asked.harness.call('GET', at('/of/br/x'))).toMatchObject({ status: 200, json: { region: 'br' } })
      const denial = { action: 'access.denied', outcome: 'denied', reason: 'region', plugin: 'demo' }
      for (const [region, known] of [
        ['co', 'co'],
        ['%63o', 'co'],
        ['BR', undefined],
      ]) {
        const answer = await asked.harness.call('GET', at(`/of/${region}/x`))
        expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
        expect(asked.harness.audit.records.at(-1)).toMatchObject(denial)
        expect(asked.harness.audit.records.at(-1)?.region).toBe(known)
      }
    })

    it('counts a request as activity unless the client or the route says otherwise', async () => {
      const { activities } = asked.harness.authenticator
      await asked.harness.call('GET', at('/list'))
      await asked.harness.call('GET', at('/list'), { headers: { 'x-dcesop-background': '1' } })
      await asked.harness.call('GET', at('/poll'))
      expect(activities.slice(-3)).toEqual([true, false, false])
    })

    it('keeps session secrets from plugins', async () => {
      const { json } = await asked.harness.call('GET', at('/poll'), {
        headers: { cookie: 'dcesop=secret', authorization: 'Bearer secret' },
      })
      expect(json).toMatchObject({
        cookie: null,
        authorization: null,
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      })
    })

    it('writes the audit record of a handler under the identity that the host knows', async () => {
      expect((await asked.harness.call('POST', at('/audited'), { body: {} })).status).toBe(400)
      expect((await asked.harness.call('POST', at('/audited'))).status).toBe(204)
      expect(asked.harness.audit.records.at(-1)).toMatchObject({
        action: 'demo.look',
        region: 'br',
        actor: { subject: 'agent' },
        plugin: 'demo',
        outcome: 'allowed',
      })
    })
  })

  describe('where a request goes', () => {
    it('tells an unknown plugin from an unknown address', async () => {
      expect(await asked.harness.call('GET', '/api/plugins/nothing/x')).toMatchObject({
        status: 404,
        json: { code: 'plugin_not_found' },
      })
      expect(await asked.harness.call('GET', at('/nothing'))).toMatchObject({
        status: 404,
        json: { code: 'not_found' },
      })
    })

    it('names the methods of an address', async () => {
      const answer = await asked.harness.call('DELETE', at('/list'))
      expect(answer).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
      expect(answer.headers['allow']).toBe('GET, HEAD')
    })

    it('keeps an encoded slash within its segment', async () => {
      expect((await asked.harness.call('GET', at('/items/a%2Fb'))).json).toEqual({ id: 'a/b' })
      expect((await asked.harness.call('GET', at('/items/a/b'))).status).toBe(404)
      expect((await asked.harness.call('GET', '/api/plugins/demo%2Flist')).status).toBe(404)
      expect((await asked.harness.call('GET', at('/items/%E0%A4%A'))).status).toBe(400)
    })

    it('reads dot segments and needless encodings as the core does', async () => {
      expect((await asked.harness.call('GET', '/api/plugins/x/../demo/./items/%61')).json).toEqual({ id: 'a' })
      expect((await asked.harness.call('GET', '/api/plugins/demo/../../plugins/demo/items/a')).json).toEqual({
        id: 'a',
      })
      expect((await asked.harness.call('GET', '/api/plugins/../nothing')).status).toBe(404)
    })

    it('asks for the body of a client that waits, and only of one that may send it', async () => {
      const waiting = { expect: '100-continue' }
      expect(await asked.harness.call('POST', at('/echo'), { body: { name: 'x' }, headers: waiting })).toMatchObject({
        status: 200,
        json: { name: 'x' },
      })
      const refused = { raw: '{"name":"x"}', headers: { ...waiting, 'content-type': 'text/csv' } }
      expect((await asked.harness.call('POST', at('/echo'), refused)).status).toBe(415)
    })

    it('answers HEAD without a body', async () => {
      expect(await asked.harness.call('HEAD', at('/list'))).toMatchObject({ status: 200, text: '' })
    })

    it('marks every answer as private data', async () => {
      for (const path of ['/list', '/throws', '/nothing', '/secret']) {
        expect((await asked.harness.call('GET', at(path))).headers['cache-control']).toBe('no-store')
      }
      const { headers } = await asked.harness.call('GET', at('/list'))
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      })
    })
  })
}
