import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const file = 'dcesop.update.json'

/** Which codemods ran on a plugin: `dcesop.update.json` beside its manifest, for the author's version control. */
export async function readRecord(pluginDir: string): Promise<string[]> {
  const text = await readFile(path.join(pluginDir, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const { ran = [] } = JSON.parse(text) as { ran?: string[] }
  return ran
}

export async function writeRecord(pluginDir: string, ran: readonly string[]): Promise<void> {
  await writeFile(path.join(pluginDir, file), `${JSON.stringify({ ran: [...ran].sort() }, null, 2)}\n`)
}
