import { access, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readSourceJson } from '../../build/read-source.ts'

const file = 'dcesop.update.json'

/** Which codemods ran on a plugin: `dcesop.update.json` beside its manifest, for the author's version control. */
export async function readRecord(pluginDir: string): Promise<string[]> {
  const there = await access(path.join(pluginDir, file)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  const { ran = [] } = there ? await readSourceJson(pluginDir, file) : {}
  return ran as string[]
}

export async function writeRecord(pluginDir: string, ran: readonly string[]): Promise<void> {
  await writeFile(path.join(pluginDir, file), `${JSON.stringify({ ran: [...ran].sort() }, null, 2)}\n`)
}
