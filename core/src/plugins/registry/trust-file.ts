import type { Envelope } from '@dcesop/sdk-plugin/signing'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How the registry's state came here. */
export type TrustSource = 'registry' | 'bundle'

/** What a host remembers of the registry over restarts. */
export interface StoredTrust {
  /** The highest that were ever believed: anything older is a replay. */
  readonly seen: { readonly keyList: number; readonly snapshot: number }
  readonly keys: Envelope | null
  readonly snapshot: Envelope | null
  readonly source: TrustSource
  /** When the registry last confirmed the snapshot. */
  readonly confirmedAt: string | null
}

const nothing: StoredTrust = {
  seen: { keyList: 0, snapshot: 0 },
  keys: null,
  snapshot: null,
  source: 'registry',
  confirmedAt: null,
}

/** @throws Error when the file is there and cannot be read: going on without it would forget what was seen */
export async function readTrust(file: string): Promise<StoredTrust> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? nothing : (JSON.parse(text) as StoredTrust)
}

/** The old file or the new one, whatever happens in between. */
export async function writeTrust(file: string, trust: StoredTrust): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(trust))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  const folder = await open(dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
