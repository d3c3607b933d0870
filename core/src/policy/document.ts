import type { PermissionInForce } from './policy.ts'
import type { PolicyTable } from './table.ts'

/** The policy as a Markdown page: sensitivities, then one row for each permission with the roles that hold it. */
export function policyDocument(table: PolicyTable, permissions: readonly PermissionInForce[]): string {
  const roles = Object.keys(table.roles)
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '# Who may do what',
    '',
    'Generated from `config/policy.json` by `core/src/policy/write-document.ts`; do not edit by hand.',
    'Permissions that plugins define join this table at run time and never go above the ceiling of their sensitivity.',
    '',
    '## Sensitivities',
    row(['sensitivity', 'rule', 'meaning', 'may ever be held by']),
    row(['---', '---', '---', '---']),
    ...Object.entries(table.sensitivities).map(([name, level]) =>
      row([name, level.rule, level.meaning, level.roles.join(', ')]),
    ),
    '',
    '## Permissions of the table',
    row(['permission', 'sensitivity', ...roles]),
    row(['---', '---', ...roles.map(() => ':-:')]),
    ...permissions.map(({ id, sensitivity, roles: holders }) =>
      row([`\`${id}\``, sensitivity, ...roles.map((role) => (holders.includes(role) ? '●' : ''))]),
    ),
    '',
  ].join('\n')
}
