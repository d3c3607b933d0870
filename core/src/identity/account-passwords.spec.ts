import {
  credentials,
  demo,
  signedIn,
  startTestHost,
  TestClient,
  type TestHost,
  totpAt,
} from '../composition/testing/test-host.ts'
import { tokens } from '../composition/tokens.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({ env: { DCESOP_LOG_LEVEL: 'silent' } })
})
afterAll(() => host.stop())

const good = 'the heron stood in the reeds'
const account = async (username: string) => host.container.get(tokens.accounts).byUsername(username)
const change = (client: TestClient, current: string, next: string) =>
  client.send('POST', '/api/auth/password', { current, next })
const passwordOf = (username: string) => credentials(username, host.clock).password

/** A sign-in with the next code of the account's second factor. */
function login(username: string, password: string, more: object = {}) {
  host.clock.advance(30)
  const { totpSecret } = demo.accounts.find((entry) => entry.username === username) ?? { totpSecret: null }
  const totp = totpSecret === null ? {} : { totp: totpAt(totpSecret, host.clock) }
  return new TestClient(host.url).send('POST', '/api/auth/login', { username, password, ...totp, ...more })
}

async function records(action: string): Promise<Record<string, unknown>[]> {
  const { core } = host.container.get(tokens.data)
  return core
    .collection('audit')
    .find({ action }, { sort: { _id: 1 } })
    .toArray() as Promise<Record<string, unknown>[]>
}

describe('a person who changes their password', () => {
  it('stays signed in with a new token, is signed out elsewhere, and signs in with the new one alone', async () => {
    const [here, there] = [await signedIn(host, 'agent.br'), await signedIn(host, 'agent.br')]
    const token = here.cookies.get('dcesop')
    expect((await change(here, passwordOf('agent.br'), good)).status).toBe(204)
    expect(here.cookies.get('dcesop')).not.toBe(token)
    expect((await here.send('GET', '/api/auth/session')).status).toBe(200)
    expect((await there.send('GET', '/api/auth/session')).status).toBe(401)
    expect((await login('agent.br', passwordOf('agent.br'))).body['code']).toBe('invalid_credentials')
    expect((await login('agent.br', good)).status).toBe(200)
  })

  it('has to know the current one, of which wrong ones slow down', async () => {
    const client = await signedIn(host, 'agent2.br')
    const answers = []
    for (let count = 0; count < 10; count += 1) answers.push((await change(client, 'wrong', good)).body['code'])
    expect(answers.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'step_up_failed'))
    expect(answers.at(-1)).toBe('too_many_requests')
    expect((await account('agent2.br'))?.oneTimeUntil ?? null).toBeNull()
  })

  it.each([
    ['length', () => 'short'],
    ['common', () => 'password1234'],
    ['guessable', () => 'agent3.br dcesop'],
    ['same', () => passwordOf('agent3.br')],
  ])('is told when the new one is no good: %s', async (reason, next) => {
    const client = await signedIn(host, 'agent3.br')
    expect(await change(client, passwordOf('agent3.br'), next())).toMatchObject({
      status: 422,
      body: { code: 'password_refused', reason },
    })
    // The current one was right: who tries passwords this way is on record as well.
    expect((await records('account.password.change')).at(-1)).toMatchObject({
      outcome: 'denied',
      reason: 'password_refused',
      resource: (await account('agent3.br'))?._id,
    })
    expect((await client.send('GET', '/api/auth/session')).status).toBe(200)
  })
})

describe('an administrator who resets a password', () => {
  const reset = async (client: TestClient, username: string, admin: string) => {
    host.clock.advance(30)
    const { totp } = credentials(admin, host.clock)
    const operation = { operation: 'account.password.reset', parameters: { username } }
    await client.send('POST', '/api/auth/step-up', { ...operation, totp })
    return client.send('POST', '/api/admin/accounts/password-reset', { username })
  }

  it('gives one that opens no session until another is chosen, and ends the sessions of the person', async () => {
    const person = await signedIn(host, 'marketing.mx')
    const admin = await signedIn(host, 'manager.mx')
    const given = await reset(admin, 'marketing.mx', 'manager.mx')
    expect(given).toMatchObject({ status: 200, body: { username: 'marketing.mx' } })
    const oneTime = given.body['password'] as string
    expect(oneTime).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/)
    expect((await person.send('GET', '/api/auth/session')).status).toBe(401)
    expect((await login('marketing.mx', passwordOf('marketing.mx'))).body['code']).toBe('invalid_credentials')
    expect((await login('marketing.mx', oneTime)).body['code']).toBe('password_change_required')
    expect((await login('marketing.mx', oneTime, { newPassword: oneTime })).body).toMatchObject({ reason: 'same' })
    expect((await login('marketing.mx', oneTime, { newPassword: good, totp: '000000' })).body['code']).toBe(
      'invalid_credentials',
    )
    expect((await login('marketing.mx', oneTime, { newPassword: good })).status).toBe(200)
    expect((await login('marketing.mx', oneTime)).body['code']).toBe('invalid_credentials')
    expect((await login('marketing.mx', good)).status).toBe(200)
    expect((await login('marketing.mx', good, { newPassword: 'another good sentence' })).body['code']).toBe(
      'invalid_request',
    )
    const resource = (await account('marketing.mx'))?._id
    const tries = (await records('session.sign-in')).filter((one) => one['resource'] === resource)
    expect(tries.map(({ outcome, reason }) => [outcome, reason])).toEqual(
      ['password', 'own_password_missing', 'password_refused', 'totp', 'password', 'no_one_time_password'].map(
        (why) => ['denied', why],
      ),
    )
    const onRecord = await records('account.password.reset')
    const { subject } = (await admin.send('GET', '/api/auth/session')).body
    expect(onRecord).toMatchObject([
      { outcome: 'allowed', actor: { subject }, resource: (await account('marketing.mx'))?._id },
    ])
    expect(JSON.stringify(onRecord)).not.toContain(oneTime)
  })

  it('gives one that is worth nothing after a day', async () => {
    const admin = await signedIn(host, 'manager.mx')
    const { body } = await reset(admin, 'agent.mx', 'manager.mx')
    host.clock.advance(24 * 3600)
    expect((await login('agent.mx', body['password'] as string, { newPassword: good })).body['code']).toBe(
      'password_expired',
    )
  })

  it('does it for people of their regions, who may do no more than they, and confirms it', async () => {
    const admin = await signedIn(host, 'manager.mx')
    const path = '/api/admin/accounts/password-reset'
    const unconfirmed = await admin.send('POST', path, { username: 'agent.mx' })
    expect(unconfirmed).toMatchObject({ status: 403, body: { code: 'step_up_required' } })
    const before = (await account('agent.br'))?.passwordHash
    expect((await reset(admin, 'agent.br', 'manager.mx')).status).toBe(404)
    expect((await reset(admin, 'nobody.mx', 'manager.mx')).status).toBe(404)
    expect(await reset(admin, 'manager.mx', 'manager.mx')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await reset(admin, 'admin.mx', 'manager.mx')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const denied = (await records('account.password.reset')).filter(({ outcome }) => outcome === 'denied')
    expect(denied.map(({ reason }) => reason)).toEqual(['region', 'unknown_account', 'own', 'higher'])
    expect((await account('agent.br'))?.passwordHash).toBe(before)
    const agent = await signedIn(host, 'agent3.mx')
    expect((await agent.send('POST', path, { username: 'agent.mx' })).status).toBe(403)
  })
})
