import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'

/** Names that must be one's own within the plugin, each with the list that it stands in. */
export function duplicates({ backend, ui, realtime, permissions, consumes }: PluginManifest): ManifestFinding[] {
  const lists: [string, string[]][] = [
    ['/backend/routes', (backend?.routes ?? []).map(({ method, path }) => `${method} ${path}`)],
    ['/backend/jobs', (backend?.jobs ?? []).map(({ name }) => name)],
    ['/consumes', (consumes ?? []).map(({ capability }) => capability)],
    ['/ui/pages', (ui?.pages ?? []).map(({ id }) => id)],
    ['/ui/pages', (ui?.pages ?? []).map(({ path }) => path)],
    ['/ui/extensions', (ui?.extensions ?? []).map(({ id }) => id)],
    ['/ui/points', (ui?.points ?? []).map(({ id }) => id)],
    ['/realtime', (realtime ?? []).map(({ topic }) => topic)],
    ['/permissions/defines', (permissions?.defines ?? []).map(({ id }) => id)],
    [
      '/permissions/requests',
      (permissions?.requests ?? []).map(({ cap, resource, region }) =>
        [cap, resource, region].filter(Boolean).join(' '),
      ),
    ],
  ]
  return lists.flatMap(([list, names]) =>
    names.flatMap((name, index) =>
      names.indexOf(name) === index ? [] : [finding('manifest-duplicate', `${list}/${index}`, { name, list })],
    ),
  )
}

/** What a plugin stores, says and lets people do under its own name only. */
export function ownNames({ id, data, realtime, backend, permissions }: PluginManifest): ManifestFinding[] {
  const prefix = `${id.replaceAll('-', '_')}_`
  const collections = (data?.collections ?? []).flatMap((name, index) =>
    name.startsWith(prefix)
      ? []
      : [finding('manifest-own-collections', `/data/collections/${index}`, { name, prefix })],
  )
  const topics: [string, string][] = [
    ...(realtime ?? []).map(({ topic }, index): [string, string] => [topic, `/realtime/${index}/topic`]),
    ...(backend?.events?.publishes ?? []).map((topic, index): [string, string] => [
      topic,
      `/backend/events/publishes/${index}`,
    ]),
  ]
  const foreign = topics
    // customers.timeline-entry/v1 is the one published contract that any plugin may feed.
    .filter(([topic]) => !topic.startsWith(`${id}.`) && topic !== 'customers.timeline-entry/v1')
    .map(([topic, pointer]) => finding('manifest-own-topics', pointer, { topic, id }))
  // Whoever defines a permission says which roles hold it.
  const defined = (permissions?.defines ?? []).flatMap(({ id: name }, index) =>
    name.startsWith(`${id}:`)
      ? []
      : [finding('manifest-own-permissions', `/permissions/defines/${index}/id`, { name, id })],
  )
  return [...collections, ...foreign, ...defined]
}
