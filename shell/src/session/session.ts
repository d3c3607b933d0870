import type { UiUser } from '@dcesop/sdk-plugin/ui'

/** Answer of `GET /api/auth/session` and of a successful sign-in, as far as the shell uses it. */
export interface SessionAnswer {
  readonly subject: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  readonly regions: readonly string[]
  readonly locale?: string
  /** Until the session ends for want of activity. */
  readonly idleSecondsLeft: number
  /** Until it ends whatever the person does. */
  readonly absoluteSecondsLeft: number
}

/** How long the session has to live, in ms. */
export function remainingMs({ idleSecondsLeft, absoluteSecondsLeft }: SessionAnswer): number {
  return Math.min(idleSecondsLeft, absoluteSecondsLeft) * 1000
}

export function userOf(answer: SessionAnswer): UiUser {
  return Object.freeze({
    subject: answer.subject,
    displayName: answer.displayName,
    roles: answer.roles,
    permissions: new Set(answer.permissions),
    regions: answer.regions,
  })
}

/** Whether two answers describe the same person with the same rights. */
export function sameUser(one: UiUser | undefined, other: UiUser): boolean {
  const facts = (user: UiUser) =>
    JSON.stringify([user.subject, user.displayName, user.roles, [...user.permissions], user.regions])
  return one !== undefined && facts(one) === facts(other)
}
