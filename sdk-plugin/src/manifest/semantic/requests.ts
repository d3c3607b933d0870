import type { capabilities } from '../schema/permissions.ts'
import { eventTopic } from '../schema/names.ts'
import type { FindingCode } from '../../findings/finding-text.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'

type Cap = (typeof capabilities)[number]

const host = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)(:[0-9]{1,5})?$/
const topic = new RegExp(eventTopic.pattern)
const isTopic = { is: (text: string) => topic.test(text), code: 'manifest-request.topic' } as const

/** What `resource` says, where it must say something. */
const resources: Readonly<Partial<Record<Cap, { is(text: string): boolean; code: FindingCode }>>> = {
  'http:egress': { is: (text) => host.test(text), code: 'manifest-request.host' },
  'secrets:use': { is: (text) => text !== '', code: 'manifest-request.secret' },
  'events:publish': isTopic,
  'events:subscribe': isTopic,
}

/** A request that says too little, or says it so that the host grants nothing. */
export function requestForms({ permissions }: PluginManifest): ManifestFinding[] {
  return (permissions?.requests ?? []).flatMap(({ cap, resource, purpose }, index) => {
    const pointer = `/permissions/requests/${index}`
    const wanted = resources[cap]
    const found: ManifestFinding[] = []
    if (wanted && !wanted.is(resource ?? ''))
      found.push(
        finding(wanted.code, `${pointer}/resource`, {
          cap,
          given: resource === undefined ? 'none' : 'other',
          resource: resource ?? '',
        }),
      )
    if (cap.startsWith('customer:') && purpose === undefined)
      found.push(finding('manifest-request.purpose', `${pointer}/purpose`, { cap }))
    return found
  })
}
