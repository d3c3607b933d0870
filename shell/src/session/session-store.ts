import { ApiProblem, type ApiClient, type UiUser } from '@dcesop/sdk-plugin/ui'
import { readonly, type Ref, ref, shallowRef } from 'vue'
import { reportActivity } from './activity.ts'
import { createCountdown } from './countdown.ts'
import { remainingMs, sameUser, type SessionAnswer, userOf } from './session.ts'

/** `unknown` until the host answered; `ended` is a sign-in screen that says why. */
export type SessionStatus = 'unknown' | 'unreachable' | 'signed-out' | 'signed-in'
export type EndReason = 'idle' | 'signed-out' | 'refused'

/** The host's word for the end of a session, as its realtime event gives it. */
export function endReasonOf(reason: string): EndReason {
  return reason === 'idle' ? 'idle' : reason === 'signed_out' ? 'signed-out' : 'refused'
}

export interface SessionStore {
  readonly status: Readonly<Ref<SessionStatus>>
  readonly user: Readonly<Ref<UiUser | undefined>>
  /** Language of the account, a BCP 47 tag. */
  readonly locale: Readonly<Ref<string | undefined>>
  /** Why the last session ended; undefined before any. */
  readonly endReason: Readonly<Ref<EndReason | undefined>>
  /** When the session ends, in ms of the wall clock, while the person is being asked to stay. */
  readonly warningUntil: Readonly<Ref<number | undefined>>
  /** Whether it helps to stay: false where the session has lasted as long as one may. */
  readonly mayStay: Readonly<Ref<boolean>>
  /** Asks the host who is signed in; not activity. */
  refresh(): Promise<void>
  /** @throws ApiProblem, for example `totp_required` or `password_change_required` */
  signIn(credentials: { username: string; password: string; newPassword?: string; totp?: string }): Promise<void>
  signOut(): Promise<void>
  /** The person is there. */
  stay(): Promise<void>
  /** The person knows that the session ends and goes on until then. */
  goOn(): void
  /** The host refused the session, or a socket said that it ended. */
  lost(reason: EndReason): void
}

const warnBeforeMs = 2 * 60_000
const activityEveryMs = 60_000

export function createSessionStore(api: ApiClient): SessionStore {
  const status = ref<SessionStatus>('unknown')
  const user = shallowRef<UiUser>()
  const locale = ref<string>()
  const endReason = ref<EndReason>()
  const warningUntil = ref<number>()
  const mayStay = ref(true)
  let knowsTheEnd = false
  let stopActivity: () => void = () => undefined
  let timeIsOver = false

  const countdown = createCountdown({
    warnBeforeMs,
    now: () => Date.now(),
    onWarning: () => void confirmWarning(),
    onEnd: () => void confirmEnd(),
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') countdown.check()
  })

  const current = () => api.get<SessionAnswer>('/auth/session', { background: true })

  function accept(answer: SessionAnswer): void {
    locale.value = answer.locale
    const person = userOf(answer)
    if (!sameUser(user.value, person)) user.value = person
    endReason.value = undefined
    timeIsOver = false
    if (status.value !== 'signed-in') knowsTheEnd = false
    follow(answer)
    if (status.value === 'signed-in') return
    status.value = 'signed-in'
    stopActivity = reportActivity(window, {
      everyMs: activityEveryMs,
      now: () => Date.now(),
      report: () => void reportInput(),
    })
  }

  function follow(answer: SessionAnswer): void {
    const left = remainingMs(answer)
    // Who is being asked goes on being asked: a question that went and came back would take the focus away.
    const asking = warningUntil.value !== undefined && left <= warnBeforeMs
    warningUntil.value = asking ? Date.now() + left : undefined
    mayStay.value = answer.absoluteSecondsLeft > answer.idleSecondsLeft
    countdown.extendTo(left)
  }

  function lost(reason: EndReason): void {
    // Refused while the person was being asked to stay, or after the time: that was the idle limit, whoever noticed first.
    const idle = reason === 'refused' && mayStay.value && (timeIsOver || warningUntil.value !== undefined)
    countdown.stop()
    stopActivity()
    warningUntil.value = undefined
    if (status.value === 'signed-in') endReason.value = idle ? 'idle' : reason
    user.value = undefined
    status.value = 'signed-out'
  }

  /** Another tab may have kept the session alive: only the host knows. */
  async function confirmWarning(): Promise<void> {
    try {
      const answer = await current()
      if (remainingMs(answer) > warnBeforeMs) return follow(answer)
      mayStay.value = answer.absoluteSecondsLeft > answer.idleSecondsLeft
      if (mayStay.value || !knowsTheEnd) warningUntil.value = Date.now() + remainingMs(answer)
    } catch (error) {
      if (!isUnauthorized(error)) warningUntil.value = Date.now() + countdown.remainingMs()
    }
  }

  async function confirmEnd(): Promise<void> {
    timeIsOver = true
    try {
      const answer = await current()
      if (remainingMs(answer) > 0) accept(answer)
      else lost(overTime())
    } catch {
      // Whether refused or unreachable: nothing may stay on screen after the time is over.
      lost(overTime())
    }
  }

  function overTime(): EndReason {
    return mayStay.value ? 'idle' : 'refused'
  }

  async function stay(): Promise<void> {
    await api.post('/auth/activity')
    follow(await current())
  }

  async function reportInput(): Promise<void> {
    if (warningUntil.value !== undefined) return
    try {
      await stay()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      // The next input reports again; a refused session was already noticed by the API client.
    }
  }

  return {
    status: readonly(status),
    user: user as Readonly<Ref<UiUser | undefined>>,
    locale: readonly(locale),
    endReason: readonly(endReason),
    warningUntil: readonly(warningUntil),
    mayStay: readonly(mayStay),
    async refresh() {
      try {
        accept(await current())
      } catch (error) {
        if (isUnauthorized(error)) lost('refused')
        else if (status.value === 'unknown') status.value = 'unreachable'
      }
    },
    async signIn(credentials) {
      await api.post('/auth/login', credentials)
      accept(await current())
    },
    async signOut() {
      await api.post('/auth/logout')
      lost('signed-out')
    },
    stay,
    goOn() {
      knowsTheEnd = true
      warningUntil.value = undefined
    },
    lost,
  }
}

const isUnauthorized = (error: unknown) => error instanceof ApiProblem && error.status === 401
