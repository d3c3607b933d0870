import path from 'node:path'
import { PackageError } from '../../findings/finding.ts'
import { checkPlugin } from '../check.ts'
import type { Command } from '../command.ts'
import { t } from '../text/text.ts'

export const checkCommand: Command = {
  options: {},
  async run({ target }) {
    const findings = await checkPlugin(path.resolve(target))
    if (findings.length > 0) throw new PackageError(findings)
    console.log(t('check.none'))
    return 0
  },
}
