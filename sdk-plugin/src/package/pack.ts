import type { KeyObject } from 'node:crypto'
import { signFiles } from '../signing/publisher-signature.ts'
import { fileListPath, listFiles, signaturePath } from './file-list.ts'
import { checkFiles, type PackageUse } from './read.ts'
import { writeTarball } from './tarball.ts'

/**
 * Adds the file list and the publisher's signature over it, checks everything, and makes the tarball.
 * @param keys private keys that sign; none leaves the package unsigned
 * @throws PackageError with every finding
 */
export async function packFiles(
  files: ReadonlyMap<string, Buffer>,
  keys: readonly KeyObject[] = [],
  use: PackageUse = {},
): Promise<Buffer> {
  const withList = new Map(files)
  const list = Buffer.from(`${JSON.stringify(listFiles(files), null, 2)}\n`)
  withList.set(fileListPath, list)
  if (keys.length > 0) withList.set(signaturePath, signFiles(list, keys))
  checkFiles(withList, use)
  return writeTarball(withList)
}
