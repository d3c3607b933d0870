import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'

/** Plugins and libraries are told apart by name, so that nobody installs one for the other. */
export const kindCheck: Check<Contents> = {
  id: 'kind',
  run({ kind, submission: { base, scope, name } }): Finding[] {
    if (kind === 'library' && base.startsWith('dcesop-')) return [finding('kind-library-name', { name })]
    if (kind === 'plugin' && scope === null) return [finding('kind-plugin-scope', { name })]
    return []
  },
}
