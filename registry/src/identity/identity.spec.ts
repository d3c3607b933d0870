import { MongoClient } from 'mongodb'
import type { Json } from '@dcesop/sdk-plugin/host'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
let bob: string
const password = (user: string) => `${user} in a spec`
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  bob = await registry.token('bob')
})
afterAll(() => registry.stop())

describe('accounts and tokens', () => {
  it('signs in an account that is there, and never with a wrong password', async () => {
    const again = await registry.token('ana')
    expect((await registry.send('GET', '/-/whoami', { token: again })).body).toEqual({ username: 'ana' })
    const wrong = { body: { name: 'ana', password: 'not the password' } }
    const answer = await registry.send('PUT', '/-/user/org.couchdb.user:ana', wrong)
    expect([answer.status, answer.body['code']]).toEqual([401, 'invalid_credentials'])
    const other = await registry.send('PUT', '/-/user/org.couchdb.user:bob', wrong)
    expect(other.status).toBe(400)
  })

  it.each([
    ['short', 'length'],
    ['x'.repeat(257), 'length'],
    ['Password1', 'common'],
    ['newcomer-2026', 'guessable'],
    ['acme.dcesop', 'guessable'],
  ])('refuses the password %s and says why', async (password, reason) => {
    const body = { name: 'newcomer', password, email: 'someone@acme.example' }
    const answer = await registry.send('PUT', '/-/user/org.couchdb.user:newcomer', { body })
    expect([answer.status, answer.body['code'], answer.body['reason']]).toEqual([400, 'weak_password', reason])
  })

  it('refuses such a password, too, when somebody changes to it, and keeps the one before', async () => {
    const eva = await registry.token('eva')
    const change = { password: { old: password('eva'), new: 'trustno1' } }
    const answer = await registry.send('POST', '/-/npm/v1/user', { token: eva, body: change })
    expect([answer.status, answer.body['code'], answer.body['reason']]).toEqual([400, 'weak_password', 'common'])
    expect(await registry.token('eva')).toMatch(/^dcesop_/)
  })

  it.each(['Ana', '../ana', '$where', 'constructor', ''])('refuses the user name "%s"', async (name) => {
    const path = `/-/user/org.couchdb.user:${encodeURIComponent(name)}`
    const { status } = await registry.send('PUT', path, { body: { name, password: 'long enough' } })
    expect(status).toBe(400)
  })

  it('keeps neither passwords nor tokens, only what cannot be turned back', async () => {
    const client = await MongoClient.connect(registry.mongodbUri)
    const db = client.db(registry.database)
    const stored = JSON.stringify([
      await db.collection('accounts').find().toArray(),
      await db.collection('tokens').find().toArray(),
    ])
    await client.close()
    expect(stored).toContain('$argon2id$')
    expect(stored).not.toContain(ana.slice(12))
    expect(stored).not.toContain(password('ana'))
  })

  it('ends a token at logout', async () => {
    const token = await registry.token('ana')
    expect((await registry.send('DELETE', `/-/user/token/${token}`, { token })).status).toBe(200)
    expect((await registry.send('GET', '/-/whoami', { token })).status).toBe(401)
  })

  it('makes, lists and revokes tokens; a read-only one changes nothing', async () => {
    const wish = { password: password('ana'), readonly: true, cidr_whitelist: ['127.0.0.0/8', '::1/128'] }
    const made = await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body: wish })
    expect(made.body).toMatchObject({ readonly: true, token: expect.stringMatching(/^dcesop_/) })
    const token = made.body['token'] as string
    expect((await registry.send('GET', '/-/whoami', { token })).status).toBe(200)
    expect((await registry.publish(token, { name: '@ana/x' })).body['code']).toBe('read_only_token')
    expect((await registry.send('POST', '/-/npm/v1/tokens', { token, body: wish })).body['code']).toBe(
      'read_only_token',
    )
    const list = (await registry.send('GET', '/-/npm/v1/tokens', { token: ana })).body['objects'] as Json[]
    const key = made.body['key'] as string
    expect(list.find((entry) => entry['key'] === key)).toMatchObject({ token: token.slice(0, 12), readonly: true })
    expect((await registry.send('DELETE', `/-/npm/v1/tokens/token/${key}`, { token: bob })).status).toBe(404)
    expect((await registry.send('DELETE', `/-/npm/v1/tokens/token/${key}`, { token: ana })).status).toBe(204)
    expect((await registry.send('GET', '/-/whoami', { token })).status).toBe(401)
  })

  it.each([
    [{ readonly: false }, false],
    [{ packages_and_scopes_permission: 'read-write', packages_all: true }, false],
    [{ packages_and_scopes_permission: 'read-only' }, true],
    [{ packages_and_scopes_permission: 'no-access' }, true],
    [{ readonly: true, packages_and_scopes_permission: 'read-write' }, true],
    // What the newest npm sends for --read-only.
    [{ name: null }, true],
  ])('makes of %j a token that does no more than was asked for', async (wish, readonly) => {
    const body = { password: password('ana'), ...wish }
    const { status, body: made } = await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body })
    expect([status, made['readonly']]).toEqual([201, readonly])
  })

  it('makes no token for single packages, and says how one is narrowed', async () => {
    const body = { password: password('ana'), packages: ['@ana/x'], packages_and_scopes_permission: 'read-write' }
    const answer = await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body })
    expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining('--cidr')])
  })

  it('says to the command line where in the body a mistake is', async () => {
    const { body } = await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body: { password: 5 } })
    expect(body['error']).toContain('\n  type: /password must be string')
  })

  it('takes a token only in the form in which it is sent', async () => {
    const said = async (authorization: string) =>
      (await registry.send('GET', '/-/whoami', { headers: { authorization } })).status
    expect([await said(`Bearer ${ana}`), await said(`bearer  ${ana}`)]).toEqual([200, 200])
    for (const wrong of [`Bearer ${ana} x`, `Bearer ${ana},Bearer x`, `Basic ${ana}`, 'Bearer', ana])
      expect(await said(wrong)).toBe(401)
  })

  it('takes a token only from its networks', async () => {
    const body = { password: password('ana'), cidr_whitelist: ['192.0.2.0/24'] }
    const { body: made } = await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body })
    const answer = await registry.send('GET', '/-/whoami', { token: made['token'] as string })
    expect([answer.status, answer.body['code']]).toEqual([403, 'address_not_allowed'])
    const wrong = { ...body, cidr_whitelist: ['192.0.2.0/99'] }
    expect((await registry.send('POST', '/-/npm/v1/tokens', { token: ana, body: wrong })).status).toBe(400)
  })

  it('shows the profile, and ends the other tokens with a new password', async () => {
    const carla = await registry.token('carla')
    const other = await registry.token('carla')
    expect((await registry.send('GET', '/-/npm/v1/user', { token: carla })).body).toMatchObject({
      name: 'carla',
      tfa: null,
    })
    const change = { password: { old: password('carla'), new: 'another good one' } }
    expect((await registry.send('POST', '/-/npm/v1/user', { token: carla, body: change })).status).toBe(200)
    expect((await registry.send('GET', '/-/whoami', { token: other })).status).toBe(401)
    expect((await registry.send('GET', '/-/whoami', { token: carla })).status).toBe(200)
  })

  it('takes a profile as npm sends it, with what nobody set, and says what it does not keep', async () => {
    const token = await registry.token('celia')
    const set = async (change: Json) => {
      const sent = { email: '', fullname: '', homepage: null, ...change }
      const { status, body } = await registry.send('POST', '/-/npm/v1/user', { token, body: sent })
      return [status, body['email'] ?? body['error']]
    }
    expect(await set({ email: 'celia@acme.example' })).toEqual([200, 'celia@acme.example'])
    expect(await set({ fullname: 'Celia' })).toEqual([400, expect.stringContaining('no fullname')])
    const { body } = await registry.send('GET', '/-/npm/v1/user', { token })
    expect(Object.values(body).filter((member) => typeof member === 'object' && member !== null)).toEqual([])
  })

  it('sends npm to its own question for name and password', async () => {
    const answer = await registry.send('POST', '/-/v1/login', { body: {} })
    expect([answer.status, answer.body['code']]).toEqual([401, 'web_login_unsupported'])
  })

  it.each([
    ['GET', '/-/whoami'],
    ['GET', '/-/npm/v1/tokens'],
    ['GET', '/-/npm/v1/user'],
    ['PUT', '/@ana%2fx'],
    ['DELETE', '/@ana%2fx/-rev/1'],
    ['PUT', '/-/package/@ana%2fx/dist-tags/next'],
  ])('asks for a sign-in before %s %s', async (method, path) => {
    expect((await registry.send(method, path)).status).toBe(401)
    const { status, body } = await registry.send(method, path, { token: 'dcesop_invented' })
    expect([status, body['error']]).toEqual([401, expect.stringContaining('revoked')])
  })
})

describe('publishers', () => {
  it('gives a free scope to whoever publishes first, and to nobody after', async () => {
    expect((await registry.publish(ana, { name: '@fresh/one' })).status).toBe(201)
    const answer = await registry.publish(bob, { name: '@fresh/two' })
    expect([answer.status, answer.body['code']]).toEqual([403, 'scope_not_owned'])
    expect(answer.body['error']).toContain('npm org set fresh bob developer')
  })

  it('keeps a scope for the account of its name', async () => {
    await registry.token('dora')
    expect((await registry.publish(bob, { name: '@dora/x' })).body['code']).toBe('scope_not_owned')
  })

  it('lets owners say who publishes, and never leaves a scope without an owner', async () => {
    await registry.publish(ana, { name: '@team/one' })
    const put = (token: string, body: Json) => registry.send('PUT', '/-/org/team/user', { token, body })
    expect((await put(bob, { user: 'bob', role: 'owner' })).status).toBe(403)
    expect((await put(ana, { user: 'nobody' })).status).toBe(404)
    expect((await put(ana, { user: 'bob', role: 'developer' })).body).toMatchObject({
      org: { size: 2 },
      role: 'developer',
    })
    expect((await registry.publish(bob, { name: '@team/two' })).status).toBe(201)
    expect((await put(bob, { user: 'bob', role: 'owner' })).status).toBe(403)
    expect((await registry.send('GET', '/-/org/team/user', { token: bob })).body).toEqual({
      ana: 'owner',
      bob: 'developer',
    })
    const last = await registry.send('DELETE', '/-/org/team/user', { token: ana, body: { user: 'ana' } })
    expect([last.status, last.body['code']]).toEqual([409, 'last_owner'])
    expect((await registry.send('DELETE', '/-/org/team/user', { token: ana, body: { user: 'bob' } })).status).toBe(204)
    expect((await registry.publish(bob, { name: '@team/three' })).status).toBe(403)
    expect((await registry.send('GET', '/-/org/team/package', { token: ana })).body).toEqual({
      '@team/one': 'write',
      '@team/two': 'write',
    })
  })
})

describe('a registry that grants', () => {
  let closed: TestRegistry
  beforeAll(async () => {
    closed = await startTestRegistry({
      accounts: { signUp: 'closed' },
      names: { scopes: 'granted', unscoped: 'admins' },
    })
  })
  afterAll(() => closed.stop())

  it('makes no account for strangers, and answers them as it answers a wrong password', async () => {
    const unknown = await closed.send('PUT', '/-/user/org.couchdb.user:eve', {
      body: { name: 'eve', password: 'long enough' },
    })
    expect([unknown.status, unknown.body['code']]).toEqual([401, 'invalid_credentials'])
  })

  it('opens a scope only through an administrator', async () => {
    const partner = await closed.token('partner', 'demo partner only')
    expect((await closed.publish(partner, { name: '@new-scope/x' })).body['code']).toBe('scope_not_owned')
    const admin = await closed.token('registry-admin.mx', 'demo registry-admin.mx only')
    await closed.send('PUT', '/-/org/new-scope/user', { token: admin, body: { user: 'partner', role: 'owner' } })
    expect((await closed.publish(partner, { name: '@new-scope/x' })).status).toBe(201)
  })

  it('reserves names without a scope to administrators', async () => {
    const partner = await closed.token('partner', 'demo partner only')
    expect((await closed.publish(partner, { name: 'plain-name' })).body['code']).toBe('scope_not_owned')
    const admin = await closed.token('registry-admin.br', 'demo registry-admin.br only')
    expect((await closed.publish(admin, { name: 'plain-name' })).status).toBe(201)
  })
})

it('has one administrator from the start where there is no demo, with the password that the operator sets', async () => {
  const password = 'a password of the operator'
  const accounts = { demo: false, signUp: 'closed' }
  const plain = await startTestRegistry({ accounts }, { DCESOP_REGISTRY_ADMIN_PASSWORD: password })
  const admin = await plain.token('admin', password)
  expect((await plain.send('GET', '/-/npm/v1/user', { token: admin })).body['roles']).toBe('admin')
  await expect(plain.token('partner', 'demo partner only')).rejects.toThrow('invalid_credentials')
  await plain.stop()
})

it('does not start with a password of the administrator that everybody tries first', async () => {
  const accounts = { demo: false, signUp: 'closed' }
  await expect(startTestRegistry({ accounts }, { DCESOP_REGISTRY_ADMIN_PASSWORD: 'administrator' })).rejects.toThrow(
    'DCESOP_REGISTRY_ADMIN_PASSWORD is not taken. The password is',
  )
})
