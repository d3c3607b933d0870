/** Sets of characters that PCRE has names for: ASCII, as MongoDB compiles patterns, or Unicode after (*UCP). */
type Ranges = readonly (readonly [from: number, to: number])[]

const LAST = 0x10ffff
const upper = [65, 90] as const
const lower = [97, 122] as const
const digit = [48, 57] as const

const ascii: Record<string, Ranges> = {
  alpha: [upper, lower],
  digit: [digit],
  alnum: [digit, upper, lower],
  upper: [upper],
  lower: [lower],
  word: [digit, upper, [95, 95], lower],
  space: [
    [9, 13],
    [32, 32],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  xdigit: [digit, [65, 70], [97, 102]],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  graph: [[33, 126]],
  print: [[32, 126]],
  ascii: [[0, 127]],
}

/** These are the same in both. */
const spaces: Record<string, Ranges> = {
  horizontal: [
    [9, 9],
    [32, 32],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x180e, 0x180e],
    [0x2000, 0x200a],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ],
  vertical: [
    [10, 13],
    [0x85, 0x85],
    [0x2028, 0x2029],
  ],
  newline: [[10, 10]],
}

const unicode: Record<string, string> = {
  alpha: '\\p{L}',
  digit: '\\p{Nd}',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  word: '\\p{L}\\p{N}_',
  space: '\\s',
}

/** The letters of escapes, small for the set and capital for all else. */
const escapes: Record<string, string> = { s: 'space', h: 'horizontal', v: 'vertical', n: 'newline' }
const unicodeEscapes: Record<string, string> = { ...escapes, w: 'word', d: 'digit' }

export interface ClassMode {
  /** After (*UCP). */
  ucp: boolean
  /** Whether JavaScript reads the pattern by code points. */
  strict: boolean
}

function character(code: number, { strict }: ClassMode): string {
  return strict ? `\\u{${code.toString(16)}}` : `\\u${Math.min(code, 0xffff).toString(16).padStart(4, '0')}`
}

function complement(ranges: Ranges): Ranges {
  const rest: [number, number][] = []
  let next = 0
  for (const [from, to] of ranges) {
    if (from > next) rest.push([next, from - 1])
    next = to + 1
  }
  return [...rest, [next, LAST]]
}

/** The set as it stands between brackets; undefined for one that there is not, or that has no such form. */
export function classMembers(name: string, negated: boolean, mode: ClassMode): string | undefined {
  const byProperty = mode.ucp && Object.hasOwn(unicode, name) ? unicode[name] : undefined
  if (byProperty !== undefined) {
    if (!negated) return byProperty
    return /^\\[ps](?:\{\w+\})?$/.test(byProperty)
      ? byProperty.replace(/^\\./, (escape) => escape.toUpperCase())
      : undefined
  }
  const ranges = Object.hasOwn(ascii, name) ? ascii[name] : Object.hasOwn(spaces, name) ? spaces[name] : undefined
  if (!ranges) return undefined
  return (negated ? complement(ranges) : ranges)
    .map(([from, to]) => `${character(from, mode)}-${character(to, mode)}`)
    .join('')
}

/** What an escaped letter stands for, when it is a set that JavaScript reads otherwise; undefined for others. */
export function escapedSet(letter: string, inClass: boolean, mode: ClassMode): string | undefined {
  // A small n is the newline itself.
  if (letter === 'n') return undefined
  const name = (mode.ucp ? unicodeEscapes : escapes)[letter.toLowerCase()]
  if (name === undefined) return undefined
  const negated = letter !== letter.toLowerCase()
  if (inClass) return classMembers(name, negated, mode)
  return `[${negated ? '^' : ''}${classMembers(name, false, mode) ?? ''}]`
}

const ownProperties: Record<string, string> = {
  Any: '\\u{0}-\\u{10ffff}',
  'L&': '\\p{Lu}\\p{Ll}\\p{Lt}',
  Xan: '\\p{L}\\p{N}',
  Xwd: '\\p{L}\\p{N}_',
  Xsp: '\\s',
  Xps: '\\s',
}

/** `\p{Name}` and `\pL` as JavaScript has them; the length is how much of the text they take after the backslash. */
export function property(text: string, inClass: boolean): { source: string; length: number } | undefined {
  const found = /^([pP])(?:\{(\^?)([A-Za-z_&]+)\}|([A-Z]))/.exec(text)
  if (!found) return undefined
  const [whole, escape, not, long, short] = found
  const name = long ?? (short as string)
  const negated = (escape === 'P') !== (not === '^')
  const own = Object.hasOwn(ownProperties, name) ? ownProperties[name] : undefined
  if (own !== undefined) {
    if (inClass) return negated ? undefined : { source: own, length: whole.length }
    return { source: `[${negated ? '^' : ''}${own}]`, length: whole.length }
  }
  const inner = /^[A-Z][a-z]?$/.test(name) ? name : `Script=${name}`
  return { source: `\\${negated ? 'P' : 'p'}{${inner}}`, length: whole.length }
}
