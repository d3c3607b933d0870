import { readFile } from 'node:fs/promises'
import { readPackage } from '../../package/read.ts'
import type { Command } from '../command.ts'

export const verifyCommand: Command = {
  options: {},
  async run({ target }) {
    const { manifest, sha512, files } = await readPackage(await readFile(target))
    console.log(`${manifest.id} ${manifest.version}: ${files.size} files, sha512 ${sha512}`)
    return 0
  },
}
