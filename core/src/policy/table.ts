import { createAjv } from '@dcesop/sdk-plugin/http'

export type Sensitivity = 'high' | 'moderate' | 'low'

export interface PermissionRule {
  readonly sensitivity: Sensitivity
  readonly roles: readonly string[]
}

/** `config/policy.json`: the one table that says who may do what. */
export interface PolicyTable {
  /** Role id to what the people are called. */
  readonly roles: Readonly<Record<string, string>>
  /** P1 to P3: the roles that a permission of that sensitivity may ever be given to. */
  readonly sensitivities: Readonly<
    Record<Sensitivity, { readonly rule: string; readonly meaning: string; readonly roles: readonly string[] }>
  >
  /** Permissions that the table rules; a plugin's suggestion does not change them. */
  readonly permissions: Readonly<Record<string, PermissionRule>>
}

const roleList = { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^[a-z][a-z-]*$' } }
const level = {
  type: 'object',
  additionalProperties: false,
  required: ['rule', 'meaning', 'roles'],
  properties: { rule: { type: 'string' }, meaning: { type: 'string' }, roles: roleList },
}
// As fast as it can be compiled, since each start waits for it: a spec checks the schema itself.
export const policySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['roles', 'sensitivities', 'permissions'],
  properties: {
    roles: { type: 'object', additionalProperties: { type: 'string' } },
    sensitivities: {
      type: 'object',
      additionalProperties: false,
      required: ['high', 'moderate', 'low'],
      properties: { high: level, moderate: level, low: level },
    },
    permissions: {
      type: 'object',
      propertyNames: { pattern: '^[a-z][a-z0-9.-]*:[a-z][a-z-]*$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['sensitivity', 'roles'],
        properties: { sensitivity: { enum: ['high', 'moderate', 'low'] }, roles: roleList },
      },
    },
  },
}
const validate = createAjv({
  strict: true,
  strictRequired: false,
  allErrors: true,
  validateSchema: false,
}).compile(policySchema)

/** @throws Error naming every mistake: shape, unknown role, a role above the ceiling of the sensitivity */
export function parsePolicyTable(input: unknown): PolicyTable {
  if (!validate(input)) {
    const lines = (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`)
    throw new Error(`The policy table has mistakes: ${lines.join('; ')}.`)
  }
  const table = input as unknown as PolicyTable
  const mistakes = Object.entries(table.permissions).flatMap(([id, rule]) =>
    rule.roles
      .filter((role) => !ceilingOf(table, rule.sensitivity).includes(role))
      .map((role) => `"${id}" is ${rule.sensitivity}, which "${role}" may never hold`),
  )
  const unknown = Object.values(table.sensitivities).flatMap(({ roles }) =>
    roles.filter((role) => !(role in table.roles)),
  )
  mistakes.push(...unknown.map((role) => `"${role}" is not a role of the table`))
  if (mistakes.length > 0) throw new Error(`The policy table has mistakes: ${mistakes.join('; ')}.`)
  return table
}

/** Roles that may ever hold a permission of that sensitivity (P1 to P3 of the mission). */
export function ceilingOf(table: PolicyTable, sensitivity: Sensitivity): readonly string[] {
  return table.sensitivities[sensitivity].roles
}
