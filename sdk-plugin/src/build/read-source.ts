import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../backend/problem.ts'
import { parseStrictJson } from '../http/strict-json.ts'
import { manifestPath } from '../package/file-list.ts'
import type { FindingCode, FindingParams } from '../findings/finding-text.ts'
import { finding, PackageError } from '../findings/finding.ts'
import { repeatedIn } from './json-line.ts'

/** Reads a JSON object that the plugin's author wrote. @param file relative to the plugin's folder @throws PackageError */
export async function readSourceJson(pluginDir: string, file: string): Promise<Record<string, unknown>> {
  const value = parse(await readSource(pluginDir, file), file)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw refused('source-json.object', { file }, `${file}:1`)
}

/** As the host reads it. */
function parse(text: string, file: string): unknown {
  if (text.startsWith('\uFEFF')) throw refused('source-json.mark', { file }, `${file}:1`)
  try {
    return parseStrictJson(text)
  } catch (error) {
    const twice = error instanceof Problem && error.code === 'duplicate_key' ? repeatedIn(text) : undefined
    if (twice) throw refused('source-json.twice', { pointer: twice.pointer }, `${file}:${twice.line}`)
    const why = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message
    const told = /\(line (\d+) column \d+\)/.exec(why)?.[1]
    const line = why.includes('end of JSON') ? text.split('\n').length : told
    const at = line === undefined ? file : `${file}:${line}`
    throw refused('source-json.syntax', { file, why: why.replace(/\.$/, '') }, at)
  }
}

/** A file's text, to tell lines of it; nothing where it cannot be read. */
export async function textOfSource(pluginDir: string, file: string): Promise<string> {
  return readFile(path.join(pluginDir, file), 'utf8').catch(() => '')
}

/** A file that must be there. @throws PackageError */
export async function readSource(pluginDir: string, file: string): Promise<string> {
  return readFile(path.join(pluginDir, file), 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw refused('source-unreadable', { file, folder: pluginDir, why: code ?? '' })
    const params = { file, folder: pluginDir }
    throw file === manifestPath ? refused('source-missing.plugin', params) : refused('source-missing.file', params)
  })
}

function refused(code: FindingCode, params: FindingParams, at?: string): PackageError {
  return new PackageError([finding(code, params, at)])
}
