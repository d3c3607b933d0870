/**
 * Interns BSON field names: documents of one collection repeat the same names, and comparing bytes with a string that
 * exists is several times cheaper than making a new one.
 */
const SLOTS = 4096
const names: (string | undefined)[] = new Array<string | undefined>(SLOTS)

/** The position of the NUL that ends the name which begins at `start`. */
export function nameEnd(bytes: Buffer, start: number): number {
  let end = start
  while (bytes[end] !== 0) end++
  return end
}

/** The field name in `bytes[start, end)`. */
export function fieldName(bytes: Buffer, start: number, end: number): string {
  let hash = end - start
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 127) return bytes.toString('utf8', start, end)
    hash = (hash * 31 + byte) | 0
  }
  const slot = hash & (SLOTS - 1)
  const known = names[slot]
  if (known !== undefined && sameAscii(known, bytes, start, end)) return known
  const name = bytes.toString('latin1', start, end)
  if (name.length <= 64) names[slot] = name
  return name
}

function sameAscii(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) !== bytes[start + i]) return false
  return true
}
