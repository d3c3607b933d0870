/** @jest-environment jsdom */
import { type ApiClient, ApiProblem } from '@dcesop/sdk-plugin/ui'
import { watch } from 'vue'
import type { SessionAnswer } from './session.ts'
import { createSessionStore } from './session-store.ts'

jest.mock('@dcesop/sdk-plugin/ui', () => jest.requireActual('../../../sdk-plugin/src/ui/api/api-problem.ts'))

const minutes = (count: number) => count * 60_000
const refused = () => new ApiProblem({ status: 401, code: 'not_signed_in' })

/** A host whose session lives 15 minutes from the last activity; `onProblem` is what the real API client calls on a 401. */
function host() {
  const calls: string[] = []
  const state = { lastActivity: Date.now(), signedIn: true, reachable: true, since: Date.now(), longest: minutes(720) }
  const idle = () => Math.max(0, state.lastActivity + minutes(15) - Date.now())
  const absolute = () => Math.max(0, state.since + state.longest - Date.now())
  const remaining = () => Math.min(idle(), absolute())
  let onProblem: () => void = () => undefined
  async function answer(call: string): Promise<SessionAnswer> {
    calls.push(call)
    if (!state.reachable) throw new ApiProblem({ status: 0, code: 'unreachable' })
    if (call === 'POST /auth/login') Object.assign(state, { signedIn: true, lastActivity: Date.now() })
    if (!state.signedIn || remaining() === 0) {
      onProblem()
      throw refused()
    }
    if (call === 'POST /auth/activity') state.lastActivity = Date.now()
    if (call === 'POST /auth/logout') state.signedIn = false
    const idleSecondsLeft = Math.floor(idle() / 1000)
    return {
      subject: 'u1',
      displayName: 'Ana',
      roles: ['agent'],
      permissions: ['customers:view'],
      regions: ['br'],
      idleSecondsLeft,
      absoluteSecondsLeft: Math.floor(absolute() / 1000),
    }
  }
  const api = {
    get: (path: string) => answer(`GET ${path}`),
    post: (path: string) => answer(`POST ${path}`),
  } as unknown as ApiClient
  const session = createSessionStore(api)
  onProblem = () => session.lost('refused')
  return { session, state, calls }
}

describe('session store', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it('tells once of the end that nobody can put off, and does not call it idleness', async () => {
    const { session, state } = host()
    state.longest = minutes(10)
    await session.refresh()
    await jest.advanceTimersByTimeAsync(minutes(8))
    expect([session.warningUntil.value, session.mayStay.value]).toEqual([Date.now() + minutes(2), false])
    session.goOn()
    await session.stay()
    await jest.advanceTimersByTimeAsync(minutes(1))
    expect([session.warningUntil.value, session.status.value]).toEqual([undefined, 'signed-in'])
    await jest.advanceTimersByTimeAsync(minutes(1))
    expect([session.status.value, session.endReason.value]).toEqual(['signed-out', 'refused'])
  })

  it('is signed in, asks two minutes before the end, and goes on when the person stays', async () => {
    const { session } = host()
    await session.refresh()
    expect([session.status.value, session.user.value?.permissions.has('customers:view')]).toEqual(['signed-in', true])
    await jest.advanceTimersByTimeAsync(minutes(13))
    expect(session.warningUntil.value).toBe(Date.now() + minutes(2))
    await session.stay()
    expect(session.warningUntil.value).toBeUndefined()
    await jest.advanceTimersByTimeAsync(minutes(12))
    expect(session.status.value).toBe('signed-in')
  })

  it('goes on asking while the session is read for another reason', async () => {
    const { session } = host()
    await session.refresh()
    await jest.advanceTimersByTimeAsync(minutes(14))
    const seen: unknown[] = []
    const stop = watch(session.warningUntil, (until) => seen.push(until), { flush: 'sync' })
    await session.refresh()
    await jest.advanceTimersByTimeAsync(1000)
    expect([seen.includes(undefined), session.warningUntil.value]).toEqual([false, Date.now() + minutes(1) - 1000])
    stop()
  })

  it('does not ask when another tab kept the session alive', async () => {
    const { session, state } = host()
    await session.refresh()
    await jest.advanceTimersByTimeAsync(minutes(10))
    state.lastActivity = Date.now()
    await jest.advanceTimersByTimeAsync(minutes(4))
    expect([session.status.value, session.warningUntil.value]).toEqual(['signed-in', undefined])
  })

  it('ends for want of activity and says so, whoever noticed first', async () => {
    const { session } = host()
    await session.refresh()
    await jest.advanceTimersByTimeAsync(minutes(15))
    expect([session.status.value, session.endReason.value, session.user.value, session.warningUntil.value]).toEqual([
      'signed-out',
      'idle',
      undefined,
      undefined,
    ])
  })

  it('ends at the time it knew when the host cannot be asked', async () => {
    const { session, state } = host()
    await session.refresh()
    state.reachable = false
    await jest.advanceTimersByTimeAsync(minutes(15))
    expect([session.status.value, session.endReason.value]).toEqual(['signed-out', 'idle'])
  })

  it('tells refused, signed out and never signed in apart', async () => {
    const { session, state } = host()
    state.signedIn = false
    await session.refresh()
    expect([session.status.value, session.endReason.value]).toEqual(['signed-out', undefined])
    await session.signIn({ username: 'ana', password: 'x' })
    state.signedIn = false
    await session.refresh()
    expect([session.status.value, session.endReason.value]).toEqual(['signed-out', 'refused'])
    await session.signIn({ username: 'ana', password: 'x' })
    expect(session.endReason.value).toBeUndefined()
    await session.signOut()
    expect([session.status.value, session.endReason.value]).toEqual(['signed-out', 'signed-out'])
  })

  it('says that the host does not answer, and recovers', async () => {
    const { session, state } = host()
    state.reachable = false
    await session.refresh()
    expect(session.status.value).toBe('unreachable')
    state.reachable = true
    await session.refresh()
    expect(session.status.value).toBe('signed-in')
  })
})
