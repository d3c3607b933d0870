import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { EngineVersions } from '../host-types.ts'
import { resolve } from '../resolver/resolve.ts'

/** Points of the shell's own screens, which no manifest offers. */
const shellPoints = /^dashboard\./
/** Permissions that the policy table has by itself. */
const hostPermissions = /^(?:platform\.|dev:)/

/**
 * What of a build does not fit what is beside it here. It is tried out all the same: some of it an installation would refuse,
 * of the rest nobody would see or hear anything.
 * @param others what runs or is to run beside it, and what the author tries out beside it
 */
export function misfitsOf(
  own: PluginManifest,
  others: readonly PluginManifest[],
  engines: EngineVersions,
): readonly string[] {
  const all = new Map([...others, own].map((manifest) => [manifest.id, manifest]))
  const { refusals, degradations } = resolve(all, [...all.keys()], engines)
  return [
    ...refusals.filter(({ plugin }) => plugin === own.id).map(({ why }) => why.reason),
    ...degradations.filter(({ plugin }) => plugin === own.id).map(({ explanation }) => explanation),
    ...takenPaths(own, others),
    ...absentPoints(own, [...others, own]),
    ...absentPermissions(own, [...others, own]),
    ...silentTopics(own, [...others, own]),
  ]
}

/** Two pages at one address: people reach only one of them. */
function takenPaths({ ui }: PluginManifest, others: readonly PluginManifest[]): string[] {
  const pages = others.flatMap((other) => (other.ui?.pages ?? []).map((page) => ({ ...page, plugin: other.id })))
  return (ui?.pages ?? []).flatMap(({ id, path }) => {
    const holder = pages.find((page) => addressesOf(page.path) === addressesOf(path))
    if (!holder) return []
    return [
      `Page "${id}" has the path "${path}", and page "${holder.id}" of plugin "${holder.plugin}" has it, too: people reach only one of them. Begin the path with another word, such as the id of the plugin.`,
    ]
  })
}

/** Which addresses a pattern takes: the names of its parameters make no difference. */
function addressesOf(path: string): string {
  return path.replace(/:[A-Za-z_]\w*/g, ':').replace(/(?<=.)\/$/, '')
}

function absentPoints({ ui }: PluginManifest, all: readonly PluginManifest[]): string[] {
  const offered = all.flatMap((one) => (one.ui?.points ?? []).map(({ id }) => id))
  return (ui?.extensions ?? []).flatMap(({ id, point }) => {
    if (shellPoints.test(point) || offered.includes(point)) return []
    const near = offered.filter((other) => nameOf(other) === nameOf(point))
    const there = near.length > 0 ? `there is ${near.join(', ')}` : `no plugin here offers "${nameOf(point)}"`
    return [
      `Extension "${id}" is for the point "${point}", but ${there}: nobody sees it. Correct the point, or install the plugin that offers it.`,
    ]
  })
}

function nameOf(point: string): string {
  return point.replace(/\/v\d+$/, '')
}

function absentPermissions({ ui, backend }: PluginManifest, all: readonly PluginManifest[]): string[] {
  const defined = new Set(all.flatMap(({ permissions }) => permissions?.defines ?? []).map(({ id }) => id))
  const asked = [...(ui?.pages ?? []), ...(ui?.extensions ?? []), ...(backend?.routes ?? [])]
  return [...new Set(asked.flatMap(({ permission }) => permission ?? []))]
    .filter((permission) => !hostPermissions.test(permission) && !defined.has(permission))
    .map(
      (permission) =>
        `Permission "${permission}" is asked for, and no plugin here defines it: nobody has it. Correct it, or install the plugin that defines it.`,
    )
}

function silentTopics({ backend }: PluginManifest, all: readonly PluginManifest[]): string[] {
  const published = all.flatMap((one) => one.backend?.events?.publishes ?? [])
  return (backend?.events?.subscribes ?? [])
    .filter((topic) => !published.includes(topic))
    .map(
      (topic) =>
        `The plugin subscribes to "${topic}", which no plugin here publishes: nothing comes. Correct the topic, or install the plugin that publishes it.`,
    )
}
