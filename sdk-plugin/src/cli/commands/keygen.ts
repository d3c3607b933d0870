import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { newPublisherKey } from '../../signing/keys.ts'
import { type Command, UsageError } from '../command.ts'
import { systemSentence } from '../text/system-error.ts'
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
  await writeFile(file, text, { mode, flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new UsageError(t('keygen.exists', { file }))
    // Begun and not ended, it would be taken for a key.
    await rm(file, { force: true }).catch(() => undefined)
    throw new UsageError(systemSentence(error, error.code === 'ENOENT' ? path.dirname(file) : file))
  })
}
