import path from 'node:path'
import { readSourceJson } from '../../build/read-source.ts'
import { manifestPath } from '../../package/file-list.ts'
import type { Command } from '../command.ts'
import { codemods } from '../update/codemods/index.ts'
import { difference } from '../update/difference.ts'
import { type Applied, runCodemods } from '../update/run-codemods.ts'
import { messageOf, t } from '../text/text.ts'

export const updateCommand: Command = {
  options: { 'dry-run': { type: 'boolean' } },
  async run({ target, values }) {
    const dryRun = values['dry-run'] === true
    const pluginDir = path.resolve(target)
    // Codemods change texts without understanding them: what is no plugin, or cannot be read, stays as it is.
    await readSourceJson(pluginDir, manifestPath)
    const applied = await runCodemods(pluginDir, codemods, { dryRun })
    for (const one of applied) console.log(linesOf(one).join('\n'))
    console.log(t(applied.length === 0 ? 'update.upToDate' : dryRun ? 'update.dry' : 'update.done'))
    return 0
  },
}

function linesOf({ codemod, changes }: Applied): string[] {
  if (changes.size === 0) return [t('update.nothing', { id: codemod.id })]
  return [
    `${codemod.id}: ${messageOf(`update.${codemod.id}`)}`,
    ...[...changes].flatMap(([file, { before, after }]) => [
      `  ${file}`,
      ...difference(before, after).map((line) => `    ${line}`),
    ]),
  ]
}
