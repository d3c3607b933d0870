/** JSON Schema parts that several routes use. */
export const region = { type: 'string', pattern: '^[a-z]{2,10}$' } as const
export const id = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$' } as const
/**
 * A moment that `Date` can hold: the format also lets leap seconds, offsets without minutes and any space in the place of the `T`
 * through, some of which it reads as nothing.
 */
export const dateTime = {
  type: 'string',
  format: 'date-time',
  pattern: '^[-0-9]{10}[Tt ][^\\s]*:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-]\\d\\d:?\\d\\d)$',
  maxLength: 40,
} as const

const seen = '\\p{L}\\p{N}\\p{P}\\p{S}'
const unfit = '\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069'

/** Shown on a screen as it came: one line in which something can be seen, and nothing that turns the text beside it around. */
export const oneLine = (maxLength: number) =>
  ({
    type: 'string',
    maxLength,
    pattern: `^[^${seen}${unfit}]*[${seen}][^${unfit}]*$`,
  }) as const

type Properties = Readonly<Record<string, unknown>>

/** A closed object whose properties are all required but those named optional. */
export function closed(properties: Properties, optional: readonly string[] = []): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  }
}
