/** The roles of the platform, as `config/policy.json` has them. */
export const roles = [
  'agent',
  'marketing-analyst',
  'service-delivery',
  'regional-manager',
  'executive',
  'system-admin',
  'registry-admin',
  'customer',
] as const

export type Role = (typeof roles)[number]
