import type { ApiProblem } from '@dcesop/sdk-plugin/ui'

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
  'invalid_request',
  'conflict',
  'too_many_requests',
]

/** Message id of a refusal; undefined for a code that the library tells. */
export function refusalId({ code, extensions }: Pick<ApiProblem, 'code' | 'extensions'>): string | undefined {
  const inner = extensions['registryCode']
  if (code === 'registry_declined' && typeof inner === 'string' && ofRegistry.includes(inner))
    return `refusal.registry.${inner}`
  return ofHost.includes(code) ? `refusal.${code}` : undefined
}
