import type { FeedExtension } from '@dcesop/sdk-plugin/contracts'
import type { PointLayouts } from './layouts.ts'

/** Orders of manifests begin here where a region named some extensions: those come first. */
const afterNamed = 1000

/** A plugin's extensions as a region wants them: without the hidden ones, in places by the region's order, then by the manifests'. */
export function arrange(
  layouts: PointLayouts,
  plugin: string,
  extensions: readonly (FeedExtension & { readonly order: number })[],
): FeedExtension[] {
  return extensions.flatMap((extension) => {
    const layout = layouts[extension.point]
    if (!layout) return [extension]
    const name = `${plugin}/${extension.id}`
    if (layout.hidden.includes(name)) return []
    const place = layout.order.indexOf(name)
    return [{ ...extension, order: place < 0 ? afterNamed + extension.order : place }]
  })
}
