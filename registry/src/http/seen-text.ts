/** Of a text that people read, in the log for ever: something of it can be seen, and none of it is half a sign, which the database would change. */
const pattern = '^(?=\\P{Cs}*$)[^]*?[\\p{L}\\p{N}\\p{P}\\p{S}]'

/** Schema of such a text. @param maxLength in characters */
export function seenText(maxLength: number): object {
  return { type: 'string', minLength: 1, maxLength, pattern }
}
