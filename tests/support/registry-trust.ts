import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type Envelope,
  keyIdOf,
  type LogHead,
  openKeyList,
  openLogHead,
  openSnapshot,
  type Snapshot,
  type TrustedKeys,
} from '@dcesop/sdk-plugin/signing'
import { publishDocument } from './publish-document.ts'
import type { RegistryProcess } from './registry.ts'

export const own = '/-/dcesop/v1'

/** GETs JSON of the registry. */
export async function get<T>(
  { url }: RegistryProcess,
  where: string,
  token?: string,
): Promise<{ status: number; body: T }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url + where, { headers })
  return { status: answer.status, body: (await answer.json()) as T }
}

/** The registry's keys as its root key vouches for them. */
export async function trustedKeys(registry: RegistryProcess): Promise<TrustedKeys> {
  const root = createPublicKey(await readFile(path.join(registry.dir, 'keys/root.pub.pem'), 'utf8'))
  const { body } = await get<Envelope>(registry, `${own}/keys`)
  return openKeyList(body, new Map([[keyIdOf(root), root]]), { now: new Date() })
}

/** @param seen number of the snapshot that was seen before */
export async function snapshotOf(registry: RegistryProcess, seen = 0): Promise<Snapshot> {
  const { body } = await get<Envelope>(registry, `${own}/snapshot`)
  return openSnapshot(body, await trustedKeys(registry), { now: new Date(), seen })
}

/** The signed head of the log. */
export async function headOf(registry: RegistryProcess): Promise<LogHead> {
  const { body } = await get<Envelope>(registry, `${own}/log/head`)
  return openLogHead(body, await trustedKeys(registry))
}

/** All entries of the log, oldest first. */
export async function wholeLog(registry: RegistryProcess, token: string): Promise<string[]> {
  const entries: string[] = []
  for (;;) {
    const { body } = await get<{ size: number; entries: string[] }>(
      registry,
      `${own}/log?limit=500&from=${entries.length}`,
      token,
    )
    entries.push(...body.entries)
    if (entries.length >= body.size || body.entries.length === 0) return entries
  }
}

/** Publishes a library whose one file holds `text`. @returns the status of the answer */
export async function publish(
  { url }: RegistryProcess,
  token: string,
  name: string,
  version: string,
  text = version,
): Promise<number> {
  const body = JSON.stringify(await publishDocument(name, version, { 'data.txt': text }))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/${name.replace('/', '%2f')}`, { method: 'PUT', headers, body })
  await answer.arrayBuffer()
  return answer.status
}
