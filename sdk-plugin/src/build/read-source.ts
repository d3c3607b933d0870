import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { manifestPath } from '../package/file-list.ts'
import { PackageError } from '../package/findings.ts'

/** Reads a JSON object that the plugin's author wrote. @param file relative to the plugin's folder @throws PackageError */
export async function readSourceJson(pluginDir: string, file: string): Promise<Record<string, unknown>> {
  const text = await readSource(pluginDir, file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw refused('source-json', `${file} is not JSON: ${(error as Error).message}.`, 'Correct it.')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw refused('source-json', `${file} holds no JSON object.`, 'Begin it with { and end it with }.')
}

async function readSource(pluginDir: string, file: string): Promise<string> {
  return readFile(path.join(pluginDir, file), 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw refused(
        'source-unreadable',
        `${file} in ${pluginDir} cannot be read (${code}).`,
        'Make it a readable file.',
      )
    const fix = file === manifestPath ? 'Give the folder of a plugin; "dcesop new DIR" makes one.' : 'Add it.'
    throw refused('source-missing', `There is no ${file} in ${pluginDir}.`, fix)
  })
}

function refused(rule: string, evidence: string, fix: string): PackageError {
  return new PackageError([{ rule, evidence, fix }])
}
