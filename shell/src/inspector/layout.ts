import type { ApiClient } from '@dcesop/sdk-plugin/ui'

/** How a region arranges the extensions of one point; names are `plugin/extension`. */
export interface PointLayout {
  readonly order: readonly string[]
  readonly hidden: readonly string[]
  /** Extensions that are not of this point by themselves. */
  readonly added?: readonly string[]
}

/** Answer of `/api/admin/ui/layouts/{region}`. */
export interface Layout {
  readonly region: string
  readonly revision: number
  readonly points: Readonly<Record<string, PointLayout>>
}

export const readLayout = (api: ApiClient, region: string): Promise<Layout> =>
  api.get<Layout>(`/admin/ui/layouts/${region}`)

/** @throws ApiProblem 409 when somebody else changed it since it was read */
export const writeLayout = (api: ApiClient, { region, revision, points }: Layout): Promise<Layout> =>
  api.put<Layout>(`/admin/ui/layouts/${region}`, { revision, points })

const nothing: PointLayout = { order: [], hidden: [] }
const withPoint = (layout: Layout, point: string, changed: PointLayout): Layout => ({
  ...layout,
  points: { ...layout.points, [point]: changed },
})

/** The layout in which an extension of a point changes places with its neighbour. @param shown names as they stand now */
export function move(layout: Layout, point: string, shown: readonly string[], name: string, by: -1 | 1): Layout {
  const order = [...shown]
  const from = order.indexOf(name)
  const to = from + by
  if (from < 0 || to < 0 || to >= order.length) return layout
  order.splice(from, 1)
  order.splice(to, 0, name)
  return withPoint(layout, point, { ...(layout.points[point] ?? nothing), order })
}

/** The layout in which an extension is hidden from everybody of the region, or shown to them again. */
export function setHidden(layout: Layout, point: string, name: string, hide: boolean): Layout {
  const before = layout.points[point] ?? nothing
  return withPoint(layout, point, { ...before, hidden: toggled(before.hidden, name, hide) })
}

/** The layout in which an extension of elsewhere has a place in a point, or has it no longer. */
export function setAdded(layout: Layout, point: string, name: string, adds: boolean): Layout {
  const { added = [], ...before } = layout.points[point] ?? nothing
  return withPoint(layout, point, { ...before, added: toggled(added, name, adds) })
}

function toggled(names: readonly string[], name: string, has: boolean): readonly string[] {
  const others = names.filter((each) => each !== name)
  return has ? [...others, name] : others
}
