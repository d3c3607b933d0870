import { Problem } from '@dcesop/sdk-plugin'
import { type Caller, isAdmin } from '../identity/caller.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { PackageDocument, VersionDocument } from '../storage/documents.ts'
import { refused } from './refusals.ts'

/** Whether the caller judges plugins for a region. @throws Problem 403 */
export function requireReviewer({ roles }: Caller, region: string): void {
  const may = roles.some(
    ({ role, region: of }) => (role === 'reviewer' || role === 'admin') && (of === undefined || of === region),
  )
  if (!may) throw refused('not_reviewer', { region })
}

export async function isMember(scopes: Scopes, { user }: Caller, scope: string | null): Promise<boolean> {
  if (scope === null) return false
  return (await scopes.find(scope))?.members.some((member) => member.user === user) ?? false
}

/** Nobody judges what is their own. @throws Problem 403 */
export async function requireStranger(
  scopes: Scopes,
  caller: Caller,
  { publishedBy }: VersionDocument,
  scope: string | null,
): Promise<void> {
  if (publishedBy !== caller.user && !(await isMember(scopes, caller, scope))) return
  throw new Problem(403, 'own_plugin', 'Who publishes a plugin does not approve it.')
}

/** Members of the publisher, and administrators. @throws Problem 403 */
export async function requireOwner(
  scopes: Scopes,
  caller: Caller,
  { publishedBy }: VersionDocument,
  scope: string | null,
): Promise<void> {
  if (isAdmin(caller, 'any') || (await isMember(scopes, caller, scope))) return
  if (scope === null && publishedBy === caller.user) return
  throw refused('not_owner')
}

/** Who may read what concerns the publisher alone: its members, owners of a package that has none, and administrators. @throws Problem 403 */
export async function requireInsider(
  scopes: Scopes,
  caller: Caller,
  { scope, owners }: Pick<PackageDocument, 'scope' | 'owners'>,
): Promise<void> {
  if (isAdmin(caller, 'any') || (await isMember(scopes, caller, scope))) return
  if (scope === null && owners.includes(caller.user)) return
  throw new Problem(403, 'scope_not_owned', 'Its publisher and administrators read this.')
}
