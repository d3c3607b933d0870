import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PluginManifest } from '../manifest/types.ts'
import {
  type ContractNote,
  type ContractRecord,
  contractRecordPath,
  type KeptContract,
  parseContractRecord,
} from '../package/contract-record.ts'
import { buildBackend } from './backend.ts'

const fileIn = (pluginDir: string) => path.join(pluginDir, 'dist', contractRecordPath)

/** The record as `dcesop test` left it; undefined when there is none, or the code has changed since. */
export async function readContractRecord(pluginDir: string, backend: Buffer | undefined): Promise<Buffer | undefined> {
  const content = await readFile(fileIn(pluginDir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const record = content && parseContractRecord(content)
  return record && backend && record.backend === sumOf(backend) ? content : undefined
}

/**
 * Builds the backend as it is now and notes what it kept.
 * @returns what was noted
 */
export async function writeContractRecord(
  pluginDir: string,
  { id, backend, provides = {} }: Pick<PluginManifest, 'id' | 'backend' | 'provides'>,
  noted: readonly ContractNote[],
): Promise<readonly KeptContract[]> {
  await forgetContractRecord(pluginDir)
  // A run may be about several plugins, and about stand-ins.
  const own = noted
    .filter(({ plugin, capability }) => plugin === id && Object.hasOwn(provides, capability))
    .map(({ capability, consumer, sha256 }) => ({ capability, consumer, sha256 }))
  if (own.length === 0 || !backend) return []
  const entry = path.join(pluginDir, backend.entry)
  await buildBackend(pluginDir, entry)
  const kept = [...new Map(own.map((one) => [one.sha256, one])).values()].sort((left, right) =>
    left.sha256 < right.sha256 ? -1 : 1,
  )
  const record: ContractRecord = { backend: sumOf(await readFile(entry)), kept }
  await mkdir(path.join(pluginDir, 'dist'), { recursive: true })
  await writeFile(fileIn(pluginDir), `${JSON.stringify(record, null, 2)}\n`)
  return kept
}

/** After specs that failed, or kept nothing, nothing is said. */
export async function forgetContractRecord(pluginDir: string): Promise<void> {
  await rm(fileIn(pluginDir), { force: true })
}

function sumOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
