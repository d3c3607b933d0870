import type { Check, Contents, Finding } from '../check.ts'

/** The tarball is what the publish document says that it is. */
export const identityCheck: Check<Contents> = {
  id: 'identity',
  run({ packageJson, submission: { name, version } }): Finding[] {
    const expected = { name, version }
    return (['name', 'version'] as const)
      .filter((member) => packageJson[member] !== expected[member])
      .map((member) => ({
        rule: `identity-${member}`,
        evidence: `package.json in the tarball says ${member} ${JSON.stringify(packageJson[member])}; published is ${JSON.stringify(expected[member])}.`,
        fix: 'Publish the folder or tarball as it is, with an unchanged client.',
      }))
  },
}
