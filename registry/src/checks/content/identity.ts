import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'

/** The tarball is what the publish document says that it is. */
export const identityCheck: Check<Contents> = {
  id: 'identity',
  run({ packageJson, submission: { name, version } }): Finding[] {
    const expected = { name, version }
    return (['name', 'version'] as const)
      .filter((member) => packageJson[member] !== expected[member])
      .map((member) => {
        const found = JSON.stringify(packageJson[member]) ?? 'nothing'
        return finding(`identity-${member}`, { member, found, published: JSON.stringify(expected[member]) })
      })
  },
}
