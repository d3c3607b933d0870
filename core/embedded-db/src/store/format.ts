import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './folder-lock.ts'

/** Grows when the stored form changes in a way that older code cannot read. */
export const FORMAT_VERSION = 1

export const DATA_FILE = 'data.mdb'

/**
 * Checks that a folder's files are of the format this code reads, and marks a new folder with it.
 * @throws Error with what to do when they are not
 */
export function checkFormat(folder: string, readOnly: boolean): void {
  const file = join(folder, 'FORMAT')
  const hasData = existsSync(join(folder, DATA_FILE))
  if (existsSync(join(folder, 'WiredTiger')))
    throw new Error(
      `${folder} holds the files of a MongoDB server, which this database cannot read; dump them with mongodump and use --import`,
    )
  if (!existsSync(file)) {
    if (hasData)
      throw new Error(
        `${folder} has data but no FORMAT file, so it is not known what wrote it; if it was this database, restore the file with the text ${FORMAT_VERSION}`,
      )
    if (readOnly) throw new Error(`${folder} is read-only and holds no database`)
    writeWhole(file, `${FORMAT_VERSION}\n`)
    return
  }
  const text = readFileSync(file, 'utf8').trim()
  if (!/^[1-9]\d*$/.test(text))
    throw new Error(`the FORMAT file of ${folder} says "${text.slice(0, 20)}", which is no version number`)
  const version = Number(text)
  if (version > FORMAT_VERSION)
    throw new Error(
      `${folder} has format ${version}, which is newer than format ${FORMAT_VERSION}, the newest this version reads; start the version that wrote it, or export with it and import here`,
    )
  if (version < FORMAT_VERSION)
    throw new Error(
      `${folder} has format ${version}, and this version reads format ${FORMAT_VERSION}; run --export with the version that wrote it, then --import into a new folder with this one`,
    )
}
