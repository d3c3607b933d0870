import mongoose from 'mongoose'

const { onDemand } = mongoose.mongo.BSON
const embedded = new Set([3, 4])
const deepest = 200

/** Whether a document, or one inside it, names a member twice. @throws Error when it is no BSON or too deep */
export function findsTwice(document: Uint8Array, at = 0, depth = 0): boolean {
  if (depth > deepest) throw new Error('The document is nested too deeply.')
  const names = new Set<string>()
  for (const [type, nameAt, nameLength, valueAt] of onDemand.parseToElements(document, at)) {
    const name = Buffer.from(document.buffer, document.byteOffset + nameAt, nameLength).toString('latin1')
    if (names.has(name)) return true
    names.add(name)
    if (embedded.has(type) && findsTwice(document, valueAt, depth + 1)) return true
  }
  return false
}

/** Name of the first member, which is the command. @throws Error when it is no BSON */
export function nameOf(document: Uint8Array): string {
  for (const [, nameAt, nameLength] of onDemand.parseToElements(document))
    return Buffer.from(document.buffer, document.byteOffset + nameAt, nameLength).toString('utf8')
  return ''
}
