import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'

export type PermissionRequest = NonNullable<NonNullable<PluginManifest['permissions']>['requests']>[number]

export interface PermissionDiff {
  readonly added: readonly PermissionRequest[]
  readonly removed: readonly PermissionRequest[]
  /** The same capability of the same resource, with other fields or for another purpose. */
  readonly changed: readonly { readonly from: PermissionRequest; readonly to: PermissionRequest }[]
}

export function permissionDiff(from: PluginManifest | null, to: PluginManifest): PermissionDiff {
  const before = byKey(from)
  const after = byKey(to)
  return {
    added: [...after].flatMap(([key, request]) => (before.has(key) ? [] : [request])),
    removed: [...before].flatMap(([key, request]) => (after.has(key) ? [] : [request])),
    changed: [...after].flatMap(([key, request]) => {
      const old = before.get(key)
      return old && terms(old) !== terms(request) ? [{ from: old, to: request }] : []
    }),
  }
}

/** Whether the plugin asks for anything that it did not have. */
export function asksForMore({ added, changed }: PermissionDiff): boolean {
  return added.length > 0 || changed.some(({ from, to }) => from.purpose !== to.purpose || widens(from, to))
}

/** No list of fields stands for all of them. */
function widens(from: PermissionRequest, to: PermissionRequest): boolean {
  if (from.fields === undefined) return false
  return to.fields === undefined || to.fields.some((field) => !from.fields?.includes(field))
}

function byKey(manifest: PluginManifest | null): Map<string, PermissionRequest> {
  const requests = manifest?.permissions?.requests ?? []
  return new Map(requests.map((request) => [JSON.stringify([request.cap, request.resource, request.region]), request]))
}

function terms({ fields, purpose }: PermissionRequest): string {
  return JSON.stringify([fields?.toSorted(), purpose])
}
