import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { providerOf } from '../resolver/dependencies.ts'

/** Where a plugin is used: its own screens, what others put into its places, and who needs whose capabilities. */
export interface Usage {
  readonly pages: readonly { readonly path: string; readonly permission: string }[]
  /** Its panels and widgets, with the plugin whose place they fill; null for the shell's. */
  readonly extensions: readonly { readonly point: string; readonly unit: string; readonly owner: string | null }[]
  readonly points: readonly {
    readonly point: string
    readonly fills: readonly { readonly plugin: string; readonly unit: string }[]
  }[]
  readonly provides: readonly {
    readonly capability: string
    readonly version: string
    readonly consumers: readonly { readonly plugin: string; readonly range: string; readonly optional: boolean }[]
  }[]
  readonly consumes: readonly {
    readonly capability: string
    readonly range: string
    readonly optional: boolean
    readonly provider: string | null
  }[]
}

/** @param running manifests of everything that runs, the plugin's own among them */
export function usageOf(own: PluginManifest, running: readonly PluginManifest[]): Usage {
  const others = running.filter(({ id }) => id !== own.id)
  return {
    pages: (own.ui?.pages ?? []).map(({ path, permission }) => ({ path, permission })),
    extensions: (own.ui?.extensions ?? []).map(({ point, id: unit }) => ({
      point,
      unit,
      owner: running.find(({ ui }) => ui?.points?.some(({ id }) => id === point))?.id ?? null,
    })),
    points: (own.ui?.points ?? []).map(({ id: point }) => ({
      point,
      fills: others.flatMap(({ id: plugin, ui }) =>
        (ui?.extensions ?? []).filter((one) => one.point === point).map(({ id: unit }) => ({ plugin, unit })),
      ),
    })),
    provides: Object.entries(own.provides ?? {}).map(([capability, version]) => ({
      capability,
      version: String(version),
      consumers: others.flatMap(({ id: plugin, consumes = [] }) =>
        consumes
          .filter((one) => one.capability === capability)
          .map(({ range, optional = false }) => ({ plugin, range, optional })),
      ),
    })),
    consumes: (own.consumes ?? []).map(({ capability, range, optional = false }) => ({
      capability,
      range,
      optional,
      provider: providerOf(capability, running)?.manifest.id ?? null,
    })),
  }
}
