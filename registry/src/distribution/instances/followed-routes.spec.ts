import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

const own = '/-/dcesop/v1'
const described = { regions: ['br', 'mx'], dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0', channel: 'stable' }
let registry: TestRegistry
let admin: string
let host: string
beforeAll(async () => {
  registry = await startTestRegistry()
  admin = await registry.token('registry-admin', 'demo registry-admin only')
  await registry.send('PUT', `${own}/instances/both`, { token: admin, body: described })
  const { body } = await registry.send('POST', `${own}/instances/both/report-token`, { token: admin })
  host = body['token'] as string
})
afterAll(() => registry.stop())

const say = (body: object, token = host) => registry.send('POST', `${own}/followed-channels`, { token, body })
const known = async () => {
  const { body } = await registry.send('GET', `${own}/instances`, { token: admin })
  return (body['instances'] as object[])[0]
}
const log = async () =>
  (await registry.send('GET', `${own}/log/history?subject=instance:both`, { token: admin })).body['entries'] as object[]

describe('an instance', () => {
  it('says itself which channels it follows, which changes nothing else of it', async () => {
    const followed = { channel: 'stable', installations: [{ plugin: 'radio', region: 'mx', channel: 'next' }] }
    expect(await say(followed)).toMatchObject({ status: 200, body: { revision: 2 } })
    expect(await known()).toEqual({ id: 'both', ...described, ...followed, origin: null, revision: 2 })
    const entries = await log()
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'instance.described', actor: 'instance:both' }))
    // Said again it is no change.
    expect(await say(followed)).toMatchObject({ status: 200, body: { revision: 2 } })
    expect(await log()).toHaveLength(entries.length)
  })

  it.each([
    ['a channel that there is not', { channel: 'never', installations: [] }, 400, 'invalid_request'],
    [
      'a region that is not its own',
      { channel: 'stable', installations: [{ plugin: 'radio', region: 'co', channel: 'next' }] },
      400,
      'invalid_request',
    ],
    ['anything more', { channel: 'stable', installations: [], regions: ['co'] }, 400, 'invalid_request'],
  ])('says nothing of %s', async (_what, body, status, code) => {
    expect(await say(body)).toMatchObject({ status, body: { code } })
  })

  it('is not spoken for by anybody else', async () => {
    const body = { channel: 'next', installations: [] }
    for (const token of [admin, `dcesop_${'x'.repeat(43)}`])
      expect(await say(body, token)).toMatchObject({ status: 401, body: { code: 'report_token_invalid' } })
    expect(await known()).toMatchObject({ channel: 'stable' })
  })
})
