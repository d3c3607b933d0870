import { Problem } from '@dcesop/sdk-plugin'
import type { Operations } from '../lifecycle/operations.ts'
import { type Registry, required } from '../registry/registry.ts'
import type { Verb, VerbBody } from './verbs.ts'

/** Install and upgrade with a version of the registry. @returns for the audit: what each package was believed by */
export async function changeFromRegistry(
  registry: Registry | undefined,
  operations: Operations,
  { verb, run }: Verb,
  plugin: string,
  body: VerbBody,
  by: string,
): Promise<Record<string, string>> {
  const { version, with: others = [] } = body
  if (verb !== 'install' && verb !== 'upgrade') throw new Error(`The registry does not ${verb}.`)
  if (version === undefined) {
    const detail = 'Name the "version"; POST /api/admin/registry/resolve says which there is.'
    throw new Problem(400, 'invalid_request', detail)
  }
  // The other steps are everywhere, and who may change one region may not change the rest.
  if (body.region !== undefined && others.length > 0) {
    const detail = 'Other plugins are changed for all regions: leave out "region", or change those first.'
    throw new Problem(400, 'invalid_request', detail)
  }
  const start = () => run(operations, plugin, body, by)
  const { channels, installer } = required(registry)
  const channel = body.channel ?? (await channels.of(plugin, body.region))
  const entries = await installer.change({ verb, plugin, version, channel, with: others, start })
  return { evidence: JSON.stringify(entries.map(({ evidence }) => evidence)) }
}
