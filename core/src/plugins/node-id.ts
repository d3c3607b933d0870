import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Name of this node, kept in its data folder: after a crash it gets back at once what it held. */
export async function nodeId(folder: string): Promise<string> {
  const file = join(folder, 'node-id')
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  if (known.trim() !== '') return known.trim()
  const id = `node-${randomUUID()}`
  await mkdir(folder, { recursive: true })
  // Whole or not at all: a start that was cut short left an empty file.
  await writeFile(`${file}.new`, `${id}\n`, { flush: true })
  await rename(`${file}.new`, file)
  return id
}
