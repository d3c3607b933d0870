import { StartRefused } from '@dcesop/sdk-plugin/host'
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * An Ed25519 key of this host: reads it, or makes it at the first start, readable by the host's user only.
 * @throws StartRefused where the file holds none
 */
export async function loadHostKey(file: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return createKey(file)
  })
  try {
    return createPrivateKey(pem)
  } catch {
    throw new StartRefused(
      `The key in ${file} is damaged: put back a copy of the file, or remove it and the host makes a new one.`,
    )
  }
}

async function createKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(pem)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  return pem
}
