import type { BSONRegExp } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { boundedRegex, END_OF_TEXT } from './bounded-regex.ts'
import { regexParts } from './compare.ts'
import { type ClassMode, classMembers, escapedSet, property } from './regex-classes.ts'

const syntaxCharacters = /[\\^$.*+?()[\]{}|/]/

interface TranslateFlags extends ClassMode {
  extended: boolean
  dotAll: boolean
  multiline: boolean
}

/**
 * Translates what PCRE has and JavaScript spells differently: \A \z \Z \h \s \p \Q…\E, (?P<n>…), POSIX classes, (?x) comments,
 * a dot that leaves out only the newline, and a $ that also stands before a last newline.
 */
function translate(pattern: string, flags: TranslateFlags): string {
  const { extended, dotAll, multiline } = flags
  let out = ''
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === '\\') {
      const next = pattern.charAt(++i)
      if (next === 'Q') {
        const end = pattern.indexOf('\\E', i)
        const literal = pattern.slice(i + 1, end < 0 ? undefined : end)
        out += [...literal].map(escapeCharacter).join('')
        i = end < 0 ? pattern.length : end + 1
        continue
      }
      const named = flags.strict ? property(pattern.slice(i), inClass) : undefined
      out += named?.source ?? escapedSet(next, inClass, flags) ?? escapeSequence(next)
      i += (named?.length ?? 1) - 1
    } else if (inClass) {
      const posix = char === '[' ? /^\[:(\^?)(\w+):\]/.exec(pattern.slice(i)) : null
      const members = posix?.[2] && classMembers(posix[2], posix[1] === '^', flags)
      if (posix && members) {
        out += members
        i += posix[0].length - 1
      } else {
        out += char === '[' ? '\\[' : char
        if (char === ']') inClass = false
      }
    } else if (char === '[') {
      inClass = true
      out += char
      if (pattern.charAt(i + 1) === '^') out += pattern.charAt(++i)
      // A ] right after the opening bracket is a literal in PCRE.
      if (pattern.charAt(i + 1) === ']') {
        out += '\\]'
        i++
      }
    } else if (char === '(' && pattern.startsWith('(?P', i)) {
      out += pattern.charAt(i + 3) === '<' ? '(?' : '('
      i += 2
    } else if (extended && /\s/.test(char)) continue
    else if (extended && char === '#')
      i = (pattern.indexOf('\n', i) + pattern.length + 1) % (pattern.length + 1) || pattern.length
    else if (char === '.' && !dotAll) out += '[^\\n]'
    else if (char === '$' && !multiline) out += END_OF_TEXT
    else out += char
  }
  return out
}

function escapeCharacter(char: string): string {
  return syntaxCharacters.test(char) ? `\\${char}` : char
}

function escapeSequence(next: string): string {
  switch (next) {
    case 'A':
      return '(?<![\\s\\S])'
    case 'z':
      return '(?![\\s\\S])'
    case 'Z':
      return END_OF_TEXT
    case 'a':
      return '\\x07'
    case 'e':
      return '\\x1b'
    default:
      // In Unicode mode JavaScript rejects an escaped character that needs no escape.
      return /[\w]/.test(next) || syntaxCharacters.test(next) || next === '-' ? `\\${next}` : next
  }
}

/** As many characters as MongoDB lets a pattern have. */
const MAX_PATTERN = 32_764

/** The JavaScript form of a PCRE pattern with MongoDB's options i, m, s, x, u. Errors: 51108 for an option, 51091 for a pattern. */
export function compileRegex(pattern: string, options: string): RegExp {
  const bad = /[^imsxu]/.exec(options)
  if (bad) throw new CommandError(51108, 'Location51108', `invalid flag in regex options: ${bad[0]}`)
  if (pattern.length > MAX_PATTERN)
    throw new CommandError(
      51091,
      'Location51091',
      'Regular expression is invalid: pattern string is longer than the limit set by the application',
    )
  if (pattern.includes('\0'))
    throw new CommandError(2, 'BadValue', 'Regular expression cannot contain an embedded null byte')
  let flags = [...new Set(options.replace(/[xu]/g, ''))].join('')
  let body = pattern
  let ucp = false
  // MongoDB reads texts as UTF-8 whether or not the pattern asks for it.
  for (let verb = LEADING_VERB.exec(body); verb; verb = LEADING_VERB.exec(body)) {
    ucp ||= verb[1] === 'UCP'
    body = body.slice(verb[0].length)
  }
  let extended = options.includes('x')
  const inline = /^\(\?([imsx]+)\)/.exec(body)
  if (inline?.[1]) {
    body = body.slice(inline[0].length)
    extended ||= inline[1].includes('x')
    flags = [...new Set(flags + inline[1].replace('x', ''))].join('')
  }
  const how = { extended, dotAll: flags.includes('s'), multiline: flags.includes('m'), ucp }
  const strict = tryRegExp(translate(body, { ...how, strict: true }), `${flags}u`)
  if (!strict && (ucp || PCRE_ESCAPES.test(pattern))) throw onlyPcre(pattern)
  return strict ?? tryRegExp(translate(body, { ...how, strict: false }), flags) ?? failPattern(pattern)
}

function tryRegExp(source: string, flags: string): RegExp | undefined {
  try {
    return boundedRegex(source, flags)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Possessive quantifiers, atomic groups, recursion, conditions, and verbs, which JavaScript has no form of. */
const PCRE_ONLY = /(?<!\\)[*+?}]\+|\(\?>|\(\?(?:R|&|P>|[+-]?\d|\()|\(\*[A-Z]/
/** Escapes that JavaScript would take for the letter itself. */
const PCRE_ESCAPES = /(?<!\\)(?:\\\\)*\\[KGRXpP]/
const LEADING_VERB = /^\(\*(UTF8?|UCP)\)/

function onlyPcre(pattern: string): CommandError {
  return notImplemented(`a regular expression of a kind that only PCRE has (${pattern})`)
}

function failPattern(pattern: string): never {
  if (PCRE_ONLY.test(pattern)) throw onlyPcre(pattern)
  throw new CommandError(51091, 'Location51091', `Regular expression is invalid: ${pattern}`)
}

export function compileRegexValue(value: BSONRegExp | RegExp): RegExp {
  const { pattern, options } = regexParts(value)
  return compileRegex(pattern, options)
}

/** The literal text every match must begin with, for index bounds; undefined when the pattern is not a plain `^prefix`. */
export function literalPrefix(pattern: string, options: string): string | undefined {
  if (/[imx]/.test(options) || !/^(\^|\\A)/.test(pattern) || pattern.includes('|')) return undefined
  let prefix = ''
  let i = pattern.startsWith('^') ? 1 : 2
  for (; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    const next = pattern.charAt(i + 1)
    if (char === '\\' && next !== '' && !/\w/.test(next)) {
      prefix += next
      i++
    } else if (char === '\\' || syntaxCharacters.test(char)) break
    else prefix += char
  }
  // A quantifier makes the last character optional.
  if (/[*?{]/.test(pattern.charAt(i))) prefix = [...prefix].slice(0, -1).join('')
  return prefix === '' ? undefined : prefix
}
