import { statfsSync } from 'node:fs'

/** `full`: no room for the commit; `readOnly`: the folder takes no writes, or none any more; `other`: the disk itself fails. */
export type StoreProblem = 'full' | 'readOnly' | 'other'

/** A write that the store could not make; nothing of it is stored. */
export class StoreError extends Error {
  readonly problem: StoreProblem

  constructor(problem: StoreProblem, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
    this.problem = problem
  }
}

/** The disk failed in the midst: what of the write is stored nobody knows. */
export function isBroken({ problem, message }: StoreError): boolean {
  return problem === 'other' && /EIO|Input\/output/i.test(message)
}

/** A disk with less room than this could not take a commit and its pages. */
const HARDLY_ROOM_BYTES = 1024 * 1024

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > HARDLY_ROOM_BYTES
  } catch {
    return true
  }
}

/** Names what went wrong when a commit failed. LMDB says EIO, not ENOSPC, when the last page fits in part. */
export function storeErrorOf(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/ENOSPC|No space|EDQUOT|quota|EFBIG|File too large|MAP_FULL|mapsize/i.test(text))
    return new StoreError('full', text, error)
  if (/Input\/output/i.test(text) && !hasRoom(folder)) return new StoreError('full', 'no space left on device', error)
  if (/EROFS|EACCES|EPERM|Permission|read-only/i.test(text)) return new StoreError('readOnly', text, error)
  return new StoreError('other', text, error)
}
