import type { Check, Contents, Finding } from '../check.ts'

/** Plugins and libraries are told apart by name, so that nobody installs one for the other. */
export const kindCheck: Check<Contents> = {
  id: 'kind',
  run({ kind, submission: { base, scope, name } }): Finding[] {
    if (kind === 'library' && base.startsWith('dcesop-'))
      return [
        {
          rule: 'kind-library-name',
          evidence: `"${name}" is named like a plugin, but has no dcesop.plugin.json.`,
          fix: 'Choose a name that does not begin with "dcesop-", or pack it with "dcesop pack".',
        },
      ]
    if (kind === 'plugin' && scope === null)
      return [
        {
          rule: 'kind-plugin-scope',
          evidence: `"${name}" has no publisher in its name.`,
          fix: 'Name it @<publisher>/dcesop-<id>.',
        },
      ]
    return []
  },
}
