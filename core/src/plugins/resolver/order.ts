import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { providerOf, required } from './dependencies.ts'

/**
 * Providers before consumers, otherwise by id. Optional consumption only sets the order where it does not close a loop.
 * The manifests must be free of required loops.
 */
export function startOrder(manifests: readonly PluginManifest[]): string[] {
  const waiting = new Map(
    [...manifests].sort((a, b) => a.id.localeCompare(b.id)).map((manifest) => [manifest.id, manifest]),
  )
  const order: string[] = []
  while (waiting.size > 0) {
    const list = [...waiting.values()]
    const next =
      list.find((manifest) => isFree(manifest, waiting, true)) ??
      list.find((manifest) => isFree(manifest, waiting, false))
    if (!next) throw new Error(`No start order: ${[...waiting.keys()].join(', ')} wait for each other.`)
    waiting.delete(next.id)
    order.push(next.id)
  }
  return order
}

function isFree(
  manifest: PluginManifest,
  waiting: ReadonlyMap<string, PluginManifest>,
  withOptional: boolean,
): boolean {
  const consumptions = withOptional ? (manifest.consumes ?? []) : required(manifest)
  return consumptions.every(({ capability }) => {
    const provider = providerOf(capability, waiting.values())
    return !provider || provider.manifest === manifest
  })
}

/** Ids of plugins that need, directly or through others, what `id` provides; nearest first. */
export function dependantsOf(id: string, manifests: readonly PluginManifest[]): string[] {
  const found: string[] = []
  let frontier = [id]
  while (frontier.length > 0) {
    const next = manifests.filter(
      (manifest) =>
        manifest.id !== id &&
        !found.includes(manifest.id) &&
        required(manifest).some(({ capability }) =>
          frontier.includes(providerOf(capability, manifests)?.manifest.id ?? ''),
        ),
    )
    frontier = next.map((manifest) => manifest.id)
    found.push(...frontier)
  }
  return found
}
