import type { InstanceFeed, OfferedUi } from '@dcesop/sdk-plugin/signing'

const schema = 'https://raw.githubusercontent.com/awslabs/frontend-discovery/main/schema/v1-pre.json'

/**
 * A feed in the form of awslabs/frontend-discovery, for tools that know that one. It is not signed: believe the feed instead.
 * @param origin of the instance; without one the addresses begin with its path
 */
export function frontendDiscovery({ plugins }: InstanceFeed, origin: string | null): object {
  const byName = Map.groupBy(plugins, (plugin) => plugin.package)
  const microFrontends = [...byName].map(([name, versions]) => [
    name,
    versions.map((version, index) => microFrontend(version, origin, index === 0)),
  ])
  return { schema, microFrontends: Object.fromEntries(microFrontends) as object }
}

/** @param isFirst for a tool that knows no regions it is the one of those versions; the others are for who asks by region */
function microFrontend(
  { version, baseUrl, remoteEntry, files, container, id, regions }: OfferedUi,
  origin: string | null,
  isFirst: boolean,
): object {
  return {
    url: `${origin ?? ''}${baseUrl}${remoteEntry}`,
    metadata: { version, ...(files[remoteEntry] ? { integrity: files[remoteEntry] } : {}) },
    deployment: { traffic: isFirst ? 100 : 0, default: isFirst },
    extras: { id, container, baseUrl: `${origin ?? ''}${baseUrl}`, regions },
  }
}
