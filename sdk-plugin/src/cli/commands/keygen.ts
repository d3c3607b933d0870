import { rm, writeFile } from 'node:fs/promises'
import { newPublisherKey } from '../../signing/keys.ts'
import { type Command, UsageError } from '../command.ts'
import { t } from '../text/text.ts'

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
    console.log(t('keygen.done', { key: keyId, file: file.padEnd(publicFile.length), publicFile }))
    return 0
  },
}

/** A key that is there already may be the only copy of one that is registered. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'EEXIST' ? t('keygen.exists', { file }) : t('keygen.unwritten', { file, code: error.code ?? '' }),
    )
  })
}
