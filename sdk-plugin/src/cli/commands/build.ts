import path from 'node:path'
import type { Command } from '../command.ts'
import { t } from '../text/text.ts'

export const buildCommand: Command = {
  options: {},
  async run({ target }) {
    const { buildPlugin } = await import('../../build/plugin.ts')
    const manifest = await buildPlugin(path.resolve(target))
    console.log(t('build.done', { id: manifest.id, version: manifest.version }))
    return 0
  },
}
