const seen = '\\p{L}\\p{N}\\p{P}\\p{S}'

/**
 * Signs that no line of a screen takes, for a pattern: control signs, ends of lines, halves of signs, and what turns the text beside it
 * around (UAX 9, explicit formatting).
 */
export const unfit = '\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069'

/** Schema of a text that stands on a screen as it came: one line in which something can be seen. */
export const oneLine = (maxLength: number) => ({
  type: 'string',
  maxLength,
  pattern: `^[^${seen}${unfit}]*[${seen}][^${unfit}]*$`,
})
