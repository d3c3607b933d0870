import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file as a whole or not at all: half of one, as a full disk leaves it, would be taken for the result.
 * @throws the system's error, which names the file
 */
export async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const part = `${file}.part`
  try {
    await writeFile(part, bytes)
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    // A write that finds no room does not know where it was to go.
    throw Object.assign(error as Error, { path: file })
  }
}
