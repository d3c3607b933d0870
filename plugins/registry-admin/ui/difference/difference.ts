import type { Manifest, PermissionRequest } from '../api/manifest.ts'

/** `risk` widens what the plugin may do, `breaks` takes away what others may rely on, `note` is neither. */
export type Weight = 'risk' | 'breaks' | 'note'

/** One difference that a person judges. `text` is a message id below `difference.`, `values` are its arguments. */
export interface Difference {
  readonly weight: Weight
  readonly text: string
  readonly values: Readonly<Record<string, string>>
  /** The request behind it, for its purpose and fields. */
  readonly request?: PermissionRequest
}

/** @param from the installed version; null when the plugin is not installed: everything is new then */
export function differencesOf(from: Manifest | null, to: Manifest): Difference[] {
  const all = [
    ...requests(from, to),
    ...hosts(from, to),
    ...isolation(from, to),
    ...data(from, to),
    ...routes(from, to),
    ...sets('defined', from, to, definedOf, ['note', 'note']),
    ...sets('capability', from, to, ({ provides = {} }) => Object.keys(provides), ['note', 'breaks']),
    ...sets(
      'need',
      from,
      to,
      ({ consumes = [] }) => consumes.map(({ capability, range }) => `${capability} ${range}`),
      ['note', 'note'],
    ),
    ...sets('point', from, to, ({ ui }) => (ui?.points ?? []).map(({ id }) => id), ['note', 'breaks']),
    ...sets('page', from, to, ({ ui }) => (ui?.pages ?? []).map(({ path }) => path), ['note', 'breaks']),
    ...sets('panel', from, to, ({ ui }) => (ui?.extensions ?? []).map(({ point, id }) => `${id} → ${point}`), [
      'note',
      'note',
    ]),
    ...sets('publishes', from, to, ({ backend }) => backend?.events?.publishes ?? [], ['note', 'breaks']),
    ...sets('subscribes', from, to, ({ backend }) => backend?.events?.subscribes ?? [], ['note', 'note']),
  ]
  const order: readonly Weight[] = ['risk', 'breaks', 'note']
  return all.sort((left, right) => order.indexOf(left.weight) - order.indexOf(right.weight))
}

function requests(from: Manifest | null, to: Manifest): Difference[] {
  const before = byKey(from)
  const after = byKey(to)
  const about = ({ cap, resource = '' }: PermissionRequest) => ({ cap, resource })
  return [
    ...[...after].flatMap(([key, request]): Difference[] => {
      const old = before.get(key)
      const values = about(request)
      if (!old) {
        const text = request.cap === 'http:egress' ? 'host.added' : 'request.added'
        return [{ weight: 'risk', text, values, request }]
      }
      if (terms(old) === terms(request)) return []
      const isWider = old.purpose !== request.purpose || widens(old, request)
      return [
        { weight: isWider ? 'risk' : 'note', text: isWider ? 'request.wider' : 'request.narrower', values, request },
      ]
    }),
    ...[...before].flatMap(([key, request]): Difference[] =>
      after.has(key)
        ? []
        : [
            {
              weight: 'note',
              text: request.cap === 'http:egress' ? 'host.removed' : 'request.removed',
              values: about(request),
            },
          ],
    ),
  ]
}

/** Sources that the plugin's screens load from or talk to, in people's browsers. */
function hosts(from: Manifest | null, to: Manifest): Difference[] {
  const of = ({ ui }: Manifest) => [...(ui?.csp?.connect ?? []), ...(ui?.csp?.img ?? []), ...(ui?.csp?.font ?? [])]
  return sets('browser', from, to, of, ['risk', 'note'])
}

function isolation(from: Manifest | null, to: Manifest): Difference[] {
  const [before, after] = [from?.backend?.isolation, to.backend?.isolation]
  if (after === undefined || before === after) return []
  if (after === 'inline') return [{ weight: 'risk', text: 'isolation.inline', values: {} }]
  return [{ weight: 'note', text: 'isolation.process', values: {} }]
}

function data(from: Manifest | null, to: Manifest): Difference[] {
  const schema: Difference[] =
    from?.data?.schemaVersion !== undefined && to.data?.schemaVersion !== from.data.schemaVersion
      ? [
          {
            weight: 'note',
            text: 'schema.changed',
            values: { from: String(from.data.schemaVersion), to: String(to.data?.schemaVersion ?? '—') },
          },
        ]
      : []
  return [...sets('data', from, to, (manifest) => manifest.data?.collections ?? [], ['note', 'breaks']), ...schema]
}

function routes(from: Manifest | null, to: Manifest): Difference[] {
  const permissionOf = (manifest: Manifest | null) =>
    new Map((manifest?.backend?.routes ?? []).map(({ method, path, permission }) => [`${method} ${path}`, permission]))
  const [before, after] = [permissionOf(from), permissionOf(to)]
  const guarded = [...after].flatMap(([route, permission]): Difference[] => {
    const old = before.get(route)
    return old === undefined || old === permission
      ? []
      : [{ weight: 'risk', text: 'route.permission', values: { what: route, from: old, to: permission } }]
  })
  return [...guarded, ...sets('route', from, to, (manifest) => [...permissionOf(manifest).keys()], ['note', 'breaks'])]
}

/** Names that came and went. @param weights of what came, and of what went */
function sets(
  kind: string,
  from: Manifest | null,
  to: Manifest,
  namesOf: (manifest: Manifest) => readonly string[],
  [came, went]: readonly [Weight, Weight],
): Difference[] {
  const before = new Set(from === null ? [] : namesOf(from))
  const after = new Set(namesOf(to))
  return [
    ...[...after]
      .filter((name) => !before.has(name))
      .map((what): Difference => ({
        weight: came,
        text: `${kind}.added`,
        values: { what },
      })),
    ...[...before]
      .filter((name) => !after.has(name))
      .map((what): Difference => ({
        weight: went,
        text: `${kind}.removed`,
        values: { what },
      })),
  ]
}

function definedOf({ permissions }: Manifest): readonly string[] {
  return (permissions?.defines ?? []).map(({ id }) => id)
}

function byKey(manifest: Manifest | null): Map<string, PermissionRequest> {
  const all = manifest?.permissions?.requests ?? []
  return new Map(all.map((request) => [JSON.stringify([request.cap, request.resource, request.region]), request]))
}

/** No list of fields stands for all of them. */
function widens(from: PermissionRequest, to: PermissionRequest): boolean {
  if (from.fields === undefined) return false
  return to.fields === undefined || to.fields.some((field) => !from.fields?.includes(field))
}

function terms({ fields, purpose }: PermissionRequest): string {
  return JSON.stringify([fields?.toSorted(), purpose])
}
