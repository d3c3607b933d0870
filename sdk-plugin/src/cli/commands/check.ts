import path from 'node:path'
import { PackageError, type PackageFinding } from '../../findings/finding.ts'
import { checkPlugin } from '../check.ts'
import type { Command } from '../command.ts'
import { t } from '../text/text.ts'

export const checkCommand: Command = {
  options: { json: { type: 'boolean' } },
  async run({ target, values }) {
    const findings = await found(path.resolve(target))
    if (values['json']) {
      console.log(JSON.stringify({ findings: findings.map(inJson) }, null, 2))
      return findings.length > 0 ? 1 : 0
    }
    if (findings.length > 0) throw new PackageError(findings)
    console.log(t('check.none'))
    return 0
  },
}

/** Also what ends the look at once, such as a manifest that is no JSON. */
async function found(pluginDir: string): Promise<readonly PackageFinding[]> {
  try {
    return await checkPlugin(pluginDir)
  } catch (error) {
    if (error instanceof PackageError) return error.findings
    throw error
  }
}

/** As docs/plugin-package.md tells it to machines; the sentences are English in every terminal. */
function inJson({ rule, code, params, at, evidence, fix }: PackageFinding): object {
  const [, file, line] = /^(.+?)(?::(\d+))?$/.exec(at ?? '') ?? []
  return {
    rule,
    code,
    params,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
    message: evidence,
    fix,
    page: `docs/rules/${rule}.md`,
  }
}
