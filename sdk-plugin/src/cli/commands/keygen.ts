import { rm, writeFile } from 'node:fs/promises'
import { newPublisherKey } from '../../signing/keys.ts'
import { type Command, UsageError } from '../command.ts'

export const keygenCommand: Command = {
  options: {},
  async run({ target }) {
    const file = target === '.' ? 'publisher.pem' : target
    const { privateKey, publicKey, keyId } = newPublisherKey()
    const publicFile = `${file.replace(/\.pem$/, '')}.pub.pem`
    await writeNew(file, privateKey, 0o600)
    // Half of a pair is worth nothing, and would be in the way of the next call.
    await writeNew(publicFile, publicKey, 0o644).catch(async (error: unknown) => {
      await rm(file)
      throw error
    })
    console.log(
      `key ${keyId}\n\n  ${file}      keep it secret; it signs your packages\n  ${publicFile}  may be given to anybody`,
    )
    return 0
  },
}

/** A key that is there already may be the only copy of one that is registered. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'EEXIST' ? `${file} exists already.` : `${file} cannot be written (${error.code}).`,
    )
  })
}
