import type { InstanceFeed } from '@dcesop/sdk-plugin/signing'

const schema = 'https://raw.githubusercontent.com/awslabs/frontend-discovery/main/schema/v1-pre.json'

/**
 * A feed in the form of awslabs/frontend-discovery, for tools that know that one. It is not signed: believe the feed instead.
 * @param origin of the instance; without one the addresses begin with its path
 */
export function frontendDiscovery({ plugins }: InstanceFeed, origin: string | null): object {
  const microFrontends = plugins.map(({ package: name, version, baseUrl, remoteEntry, files, container, id }) => [
    name,
    [
      {
        url: `${origin ?? ''}${baseUrl}${remoteEntry}`,
        metadata: { version, ...(files[remoteEntry] ? { integrity: files[remoteEntry] } : {}) },
        deployment: { traffic: 100, default: true },
        extras: { id, container, baseUrl: `${origin ?? ''}${baseUrl}` },
      },
    ],
  ])
  return { schema, microFrontends: Object.fromEntries(microFrontends) as object }
}
