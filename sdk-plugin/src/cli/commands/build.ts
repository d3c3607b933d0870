import path from 'node:path'
import type { Command } from '../command.ts'

export const buildCommand: Command = {
  options: {},
  async run({ target }) {
    const { buildPlugin } = await import('../../build/plugin.ts')
    const manifest = await buildPlugin(path.resolve(target))
    console.log(`built ${manifest.id} ${manifest.version}`)
    return 0
  },
}
