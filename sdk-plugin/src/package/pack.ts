import { fileListPath, listFiles } from './file-list.ts'
import { checkFiles } from './read.ts'
import { writeTarball } from './tarball.ts'

/** Adds the file list, checks everything, and makes the tarball. @throws PackageError with every finding */
export async function packFiles(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const withList = new Map(files)
  withList.set(fileListPath, Buffer.from(`${JSON.stringify(listFiles(files), null, 2)}\n`))
  checkFiles(withList)
  return writeTarball(withList)
}
