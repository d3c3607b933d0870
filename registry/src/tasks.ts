import { DisposableStore, type Log } from '@dcesop/sdk-plugin'
import { makeFolder, StartRefused } from '@dcesop/sdk-plugin/host'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegistryConfig } from './config/config.ts'
import { Advisories } from './packages/advisories/advisories.ts'
import { openDatabase } from './registry.ts'
import { RegistryKeys } from './trust/keys/registry-keys.ts'
import { TransparencyLog } from './trust/log/transparency-log.ts'

/** Makes the registry's keys, the root key among them, unless they are there. @returns what to tell the operator */
export async function makeKeys({ trust, data }: RegistryConfig): Promise<string> {
  const folder = trust.keysDirectory ?? join(data.directory, 'keys')
  makeFolder(data.directory)
  const keys = await RegistryKeys.open(folder, { ...trust, generateKeys: true })
  const [root] = keys.roots.keys()
  return `keys in ${folder}, root ${root}; take root.pem to a safe place`
}

/** Imports OSV records from a file: an array of records, or one. The registry must not be running on an embedded database. @returns what to tell the operator @throws StartRefused */
export async function importAdvisories(config: RegistryConfig, file: string, log: Log): Promise<string> {
  const records = await recordsIn(file)
  makeFolder(config.data.directory)
  const running = new DisposableStore()
  try {
    const database = await openDatabase(config, log, running)
    const transparency = new TransparencyLog(database)
    await transparency.prepare()
    return `imported ${await new Advisories(database, transparency).import(records, 'operator')} records`
  } finally {
    await running.dispose()
  }
}

async function recordsIn(file: string): Promise<unknown[]> {
  try {
    return [JSON.parse(await readFile(file, 'utf8')) as unknown].flat()
  } catch (error) {
    throw new StartRefused(`${file} cannot be read: ${(error as Error).message}.`)
  }
}
