import type { Grant } from '../storage/documents.ts'

/** Who makes a request. */
export interface Caller {
  readonly user: string
  readonly roles: readonly Grant[]
  /** Id of the token that was sent. */
  readonly token: string
  readonly readonly: boolean
}

/** Whether the caller is an administrator of every region, or of the one that is named, or of any (`'any'`). */
export function isAdmin(caller: Pick<Caller, 'roles'>, region?: string): boolean {
  return caller.roles.some(
    ({ role, region: of }) => role === 'admin' && (of === undefined || region === 'any' || of === region),
  )
}
