import type { ApiProblem } from '@dcesop/sdk-plugin/ui'

/** Codes that have a sentence of their own: of the host, and of the registry where the host passes its answer on. */
const ofHost = [
  'registry_declined',
  'registry_unreachable',
  'registry_untrusted',
  'registry_missing',
  'second_person_required',
  'forbidden',
  'release_not_allowed',
  'release_not_listed',
  'release_refused',
  'publisher_changed',
  'plan_differs',
  'plan_impossible',
  'plugin_busy',
  'plugin_barred',
  'plugin_start_failed',
  'plugin_canary_running',
  'plugin_data_incompatible',
  'plugin_has_dependants',
  'plugin_not_found',
]
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
  'invalid_request',
  'conflict',
  'too_many_requests',
]

/** Message id of a refusal; undefined for a code that these screens do not know. */
export function refusalId({ code, extensions }: Pick<ApiProblem, 'code' | 'extensions'>): string | undefined {
  const inner = extensions['registryCode']
  if (code === 'registry_declined' && typeof inner === 'string' && ofRegistry.includes(inner))
    return `refusal.registry.${inner}`
  return ofHost.includes(code) ? `refusal.${code}` : undefined
}
