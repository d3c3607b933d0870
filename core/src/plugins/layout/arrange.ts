import type { FeedExtension } from '@dcesop/sdk-plugin/contracts'
import type { PointLayouts } from './layouts.ts'

type Extension = FeedExtension & { readonly order: number }

/** Orders of manifests begin here where a region named some extensions: those come first. */
const afterNamed = 1000

/** A plugin's extensions as a region wants them: with those that it added, without the hidden ones, in places by the region's order, then by the manifests'. */
export function arrange(layouts: PointLayouts, plugin: string, extensions: readonly Extension[]): FeedExtension[] {
  return [...extensions, ...added(layouts, plugin, extensions)].flatMap((extension) => {
    const layout = layouts[extension.point]
    if (!layout) return [extension]
    const name = `${plugin}/${extension.id}`
    if (layout.hidden.includes(name)) return []
    const place = layout.order.indexOf(name)
    return [{ ...extension, order: place < 0 ? afterNamed + extension.order : place }]
  })
}

/** The same extensions in the points that their authors did not name. */
function added(layouts: PointLayouts, plugin: string, extensions: readonly Extension[]): Extension[] {
  return Object.entries(layouts).flatMap(([point, { added: wanted = [] }]) =>
    extensions
      .filter((extension) => extension.point !== point && wanted.includes(`${plugin}/${extension.id}`))
      .map((extension) => ({ ...extension, point })),
  )
}
