import { createHash } from 'node:crypto'

/** A file name as mongodump makes it holds at most so many characters before its ending. */
const LONGEST = 238
const KEPT = 208

/** The file name of a collection without its ending, as mongodump chooses it: escaped like a path in a URL, long ones cut. */
export function fileNameOf(collection: string): string {
  const escaped = encodeURIComponent(collection)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll(/%(24|26|2B|3A|3D|40)/g, (code) => decodeURIComponent(code))
  if (escaped.length <= LONGEST) return escaped
  return `${escaped.slice(0, KEPT)}%24${createHash('sha1').update(escaped).digest('base64url')}`
}

/** The collection that a file name stands for; undefined when it was cut, so that only its metadata knows. */
export function collectionOf(fileName: string): string | undefined {
  if (fileName.length === LONGEST && fileName.includes('%24')) return undefined
  return decodeURIComponent(fileName)
}
