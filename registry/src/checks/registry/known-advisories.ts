import type { Advisories } from '../../packages/advisories/advisories.ts'
import type { Check, Finding, Judged } from '../check.ts'
import { finding } from '../findings.ts'

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
        .map(({ _id, package: name, vulnerable: range, severity, title: about }) => {
          const [advisory = _id] = _id.split(' ')
          return finding('advisory-known', {
            ...{ name, versions: bundled.get(name) ?? [] },
            ...{ advisory, severity, range, about },
          })
        })
    },
  }
}
