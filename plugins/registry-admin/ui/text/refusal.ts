import type { ApiProblem, I18n } from '@dcesop/sdk-plugin/ui'

/** Codes of the host that mean something particular on these screens; the library has words for the others. */
const ofHost = ['registry_declined', 'forbidden', 'plan_differs', 'plan_impossible', 'plugin_busy']
/** Codes of the registry, where the host passes its answer on. */
const ofRegistry = [
  'second_person_required',
  'own_plugin',
  'decision_not_possible',
  'forbidden',
  'not_signed_in',
  'read_only_token',
  'address_not_allowed',
  'scope_not_owned',
  'not_found',
  'package_not_found',
  'invalid_request',
  'conflict',
  'too_many_requests',
]
/** Why the registry refuses a decision, where its code alone does not say it. */
export const refusalReasons: readonly string[] = [
  'library',
  'yanked',
  'flagged',
  'approved',
  'rejected',
  'not_rejected',
  'own_approval',
  'own_rejection',
  'not_reviewer',
]

/** Behind these the server's own sentence says nothing more. */
const saidWhole = new Set([
  ...['forbidden', 'not_signed_in', 'step_up_required', 'second_person_required', 'conflict', 'too_many_requests'],
  ...['plugin_busy', 'plugin_installed', 'plugin_not_found', 'plugin_enabled', 'plugin_disabled'],
  ...['plugin_version_active', 'plugin_no_previous', 'plugin_no_canary', 'plugin_canary_running'],
  ...['version_exists', 'package_not_found', 'registry_missing'],
])

type Coded = Pick<ApiProblem, 'code' | 'extensions'>

interface Reason {
  readonly code: string
  readonly params: Readonly<Record<string, string | number | readonly string[]>>
}

/** Message id of a refusal; undefined for a code that the library tells. */
export function refusalId({ code, extensions }: Coded): string | undefined {
  const inner = extensions['registryCode']
  if (code === 'registry_declined' && typeof inner === 'string' && ofRegistry.includes(inner))
    return `refusal.registry.${inner}`
  return ofHost.includes(code) ? `refusal.${code}` : undefined
}

/** A refusal by its codes; undefined for a code that the library tells. */
export function refusalText(coded: Coded, i18n: Pick<I18n, 't' | 'list'>): string | undefined {
  const { code, params = {} } = (coded.extensions['registryReason'] ?? {}) as Partial<Reason>
  if (code !== undefined && refusalReasons.includes(code)) {
    const shown = Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' ? i18n.list(value) : value,
    ])
    return i18n.t(`refusal.reason.${code}`, Object.fromEntries(shown) as Record<string, string | number>)
  }
  const id = refusalId(coded)
  return id === undefined ? undefined : i18n.t(id)
}

/** Whether the sentence for a code says all that the server said. */
export function isSaidWhole({ code, extensions }: Coded): boolean {
  if (code !== 'registry_declined') return saidWhole.has(code)
  // What is wrong with a request only the registry can say.
  return (
    refusalId({ code, extensions }) !== 'refusal.registry_declined' && extensions['registryCode'] !== 'invalid_request'
  )
}
