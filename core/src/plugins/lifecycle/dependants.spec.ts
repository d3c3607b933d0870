import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import type { State } from '../journal/states.ts'
import { requireFollowed } from './dependants.ts'
import type { LifecycleParts } from './parts.ts'

const manifests = [
  minimalManifest({ id: 'base', provides: { 'base.self': '1.0.0' } }),
  minimalManifest({ id: 'other', consumes: [{ capability: 'base.self', range: '^1' }] }),
]

/** A host on which "base" runs. @param runs digest of what runs of "other", which is wanted as "other" */
function host(state: State, runs?: string, failed?: object) {
  const ids = ['base', 'other']
  const desiredOf = (plugin: string) => ({
    plugin,
    digest: plugin,
    configRevision: '0',
    version: '1.0.0',
    enabled: true,
  })
  return {
    nodes: { id: 'here', live: async () => [{ node: 'here', observed: { other: { failed } } }] },
    desired: { all: async () => ids.map(desiredOf), get: async (plugin: string) => desiredOf(plugin) },
    catalogue: { byDigest: async (digest: string) => ({ manifest: manifests.find(({ id }) => id === digest) }) },
    journal: { state: async () => state },
    ports: { data: { regions: ['br'] } },
    slots: new Map([['other', { active: runs && { key: { digest: runs, configRevision: '0' } } }]]),
  } as unknown as LifecycleParts
}

describe('a change of what others need', () => {
  it.each([
    ['nothing', undefined],
    ['the version before', 'older'],
  ])('waits on a host that has %s of one yet', async (_what, runs) => {
    await expect(requireFollowed(host('ACTIVE', runs), 'base')).rejects.toMatchObject({
      status: 409,
      code: 'plugin_busy',
    })
  })

  it.each([
    ['it runs here', host('ACTIVE', 'other')],
    ['it runs nowhere', host('FAILED')],
    ['it does not start here', host('ACTIVE', undefined, { reason: 'no licence' })],
  ])('goes on where %s', async (_what, parts) => {
    await requireFollowed(parts, 'base')
  })
})
