import type { Advisories } from '../../packages/advisories/advisories.ts'
import type { Check, Finding, Judged } from '../check.ts'

const grave = ['high', 'critical']

/** A plugin does not come out with a weakness of which the registry knows: of lesser ones its instances are told. */
export function knownAdvisoriesCheck(advisories: Advisories): Check<Judged> {
  return {
    id: 'known-advisories',
    async run({ facts: { components } }): Promise<Finding[]> {
      const parts = Map.groupBy(components, ({ name }) => name)
      const bundled = new Map([...parts].map(([name, list]) => [name, list.map(({ version }) => version)]))
      const found = [...(await advisories.about(bundled)).values()].flat()
      return found
        .filter(({ severity }) => grave.includes(severity))
        .map(({ _id, package: name, vulnerable, severity, title }) => ({
          rule: 'advisory-known',
          evidence: `It bundles "${name}" ${bundled.get(name)?.join(', ')}, and ${_id.split(' ')[0]} (${severity}) is about ${vulnerable}: ${title}`,
          fix: 'Take a version that the advisory is not about, and pack again.',
        }))
    },
  }
}
