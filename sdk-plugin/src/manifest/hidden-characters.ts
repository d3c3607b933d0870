import { memberPointer } from './json-pointer.ts'

/** Control codes but tab and line ends, marks of direction, and what has no width: they make people read another text than there is. */
const hidden = /[^\P{Cc}\t\n\r]|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u

export interface HiddenCharacter {
  /** JSON pointer of the text, or of the member whose name has it. */
  readonly pointer: string
  /** For example `U+202E`. */
  readonly character: string
}

/** The first text of a JSON value, or name in it, that has one. */
export function hiddenCharacterIn(value: unknown, pointer = ''): HiddenCharacter | undefined {
  if (typeof value === 'string') {
    const found = hidden.exec(value)?.[0]
    return found === undefined ? undefined : { pointer, character: codeOf(found) }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [index, [name, inner]] of Object.entries(value).entries()) {
    // A name that has one itself is told by its place.
    const named = hiddenCharacterIn(name, memberPointer(pointer, index))
    const found = named ?? hiddenCharacterIn(inner, memberPointer(pointer, name))
    if (found) return found
  }
  return undefined
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`
}
