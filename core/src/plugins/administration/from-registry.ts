import { Problem } from '@dcesop/sdk-plugin'
import { canarySpec } from '../canary/spec.ts'
import { type Registry, required } from '../registry/registry.ts'
import type { VerbBody } from './verbs.ts'

/** Install and upgrade with a version of the registry. @returns for the audit: what each package was believed by */
export async function changeFromRegistry(
  registry: Registry | undefined,
  verb: string,
  plugin: string,
  { version, with: others = [], canary }: VerbBody,
): Promise<Record<string, string>> {
  if (verb !== 'install' && verb !== 'upgrade') throw new Error(`The registry does not ${verb}.`)
  if (version === undefined)
    throw new Problem(
      400,
      'invalid_request',
      'Name the "version"; POST /api/admin/registry/resolve says which there is.',
    )
  const wish = { verb, plugin, version, with: others, canary: canary && canarySpec(canary) } as const
  const entries = await required(registry).installer.change(wish)
  return { evidence: JSON.stringify(entries.map(({ evidence }) => evidence)) }
}
