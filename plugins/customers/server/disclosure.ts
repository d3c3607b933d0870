import type { AuditEntry, RegionId } from '@dcesop/sdk-plugin'

/**
 * What goes on record of an answer that shows several people of one region: who they were, by id. Of a single person `resource` is
 * the id, so that whoever asks "who has seen my data" finds it by the index. (LGPD art. 37 has operations on personal data recorded,
 * art. 6 X has that shown; art. 6 III wants no more than it takes: hence ids, and no values.)
 * @param more what else to say; no personal values
 */
export function disclosure(
  action: string,
  region: RegionId,
  people: readonly { readonly id: string }[],
  more: NonNullable<AuditEntry['details']> = {},
): AuditEntry {
  const ids = people.map(({ id }) => id)
  const [only] = ids
  const named = ids.length > 1 ? { customers: ids.join(' ') } : {}
  return {
    action,
    region,
    ...(ids.length === 1 && only !== undefined ? { resource: only } : {}),
    details: { ...more, results: ids.length, ...named },
  }
}
