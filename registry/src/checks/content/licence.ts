import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'
import { componentsOf, sbomPath } from './components.ts'

/**
 * What a plugin bundles may be passed on under the licences that the operator accepts.
 * @param accepted SPDX ids
 */
export function licenceCheck(accepted: readonly string[]): Check<Contents> {
  return {
    id: 'licence',
    run({ kind, files }): Finding[] {
      if (kind !== 'plugin') return []
      return componentsOf(files.get(sbomPath)).flatMap(({ name, version, licences }): Finding[] => {
        if (licences.length === 0) return [finding('licence-missing', { name, version })]
        if (licences.some((licence) => isAccepted(licence, accepted))) return []
        return [finding('licence-refused', { name, version, licences, accepted })]
      })
    },
  }
}

/** Of a choice one is enough; of what holds together, or is nested, each must be accepted. */
function isAccepted(expression: string, accepted: readonly string[]): boolean {
  const words = expression.split(/[\s()]/).filter(Boolean)
  const ids = words.join(' ').split(/ (?:OR|AND) /)
  const choice = !words.includes('AND')
  return choice ? ids.some((id) => accepted.includes(id)) : ids.every((id) => accepted.includes(id))
}
