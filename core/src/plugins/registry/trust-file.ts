import { type Envelope, envelopeOf } from '@dcesop/sdk-plugin/signing'
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

/** @throws Error when the file is there and cannot be read, or holds something else: going on without it would forget what was seen */
export async function readTrust(file: string): Promise<StoredTrust> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? nothing : storedTrust(text)
}

function storedTrust(text: string): StoredTrust {
  const value: unknown = JSON.parse(text)
  const { seen, keys, snapshot, source, confirmedAt } = (value ?? {}) as Readonly<Record<string, unknown>>
  const { keyList, snapshot: number } = (seen ?? {}) as Readonly<Record<string, unknown>>
  const isSound =
    [keyList, number].every((one) => Number.isSafeInteger(one)) &&
    [keys, snapshot].every((one) => one === null || envelopeOf(one) !== undefined) &&
    (source === 'registry' || source === 'bundle') &&
    (confirmedAt === null || typeof confirmedAt === 'string')
  if (!isSound) throw new Error('It does not hold what this host writes there.')
  return value as StoredTrust
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
