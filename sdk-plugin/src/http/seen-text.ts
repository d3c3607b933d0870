/** Of a text that people read, on record for ever: something of it can be seen, and none of it is half a sign, which the database would change. */
const pattern = '^(?=\\P{Cs}*$)[^]*?[\\p{L}\\p{N}\\p{P}\\p{S}]'

/** Schema of such a text. @param maxLength in characters, as `minLength` is */
export function seenText(maxLength: number, minLength = 1) {
  return { type: 'string', minLength, maxLength, pattern } as const
}
