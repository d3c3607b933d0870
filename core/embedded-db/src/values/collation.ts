import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { compareStrings } from './compare.ts'
import { toNumber, isNumeric } from './number.ts'

/** A compiled collation: an order, and a key that is the same exactly for strings the order calls equal. */
export interface Collator {
  compare(a: string, b: string): number
  key(text: string): string
  readonly spec: Document
}

/** The order of the ICU that MongoDB is built with. */
const VERSION = '57.1'

const fields = [
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'backwards',
  'normalization',
  'version',
]

/** The collation with MongoDB's defaults filled in, all numbers plain; undefined for the simple (binary) collation. Errors: 2 BadValue, 9 FailedToParse. */
export function normalizeCollation(spec: Document | undefined): Document | undefined {
  if (!spec || Object.keys(spec).length === 0) return undefined
  const unknown = Object.keys(spec).find((name) => !fields.includes(name))
  if (unknown) throw new CommandError(40415, 'Location40415', `BSON field 'collation.${unknown}' is an unknown field.`)
  if (typeof spec.locale !== 'string')
    throw new CommandError(40414, 'Location40414', "BSON field 'collation.locale' is missing but a required field")
  if (spec.locale === 'simple') return undefined
  const strength = spec.strength === undefined ? 3 : isNumeric(spec.strength) ? toNumber(spec.strength) : Number.NaN
  if (!(strength >= 1 && strength <= 5))
    throw new CommandError(
      51024,
      'Location51024',
      `BSON field 'strength' value must be >= 1 and <= 5, actual value '${String(spec.strength)}'`,
    )
  if (!isSupported(spec.locale))
    throw new CommandError(2, 'BadValue', `Field 'locale' is invalid in: { locale: "${spec.locale}" }`)
  if (spec.version !== undefined && spec.version !== VERSION)
    throw new CommandError(
      161,
      'IncompatibleCollationVersion',
      `Requested collation version ${String(spec.version)} but the only available collator version was ${VERSION}`,
    )
  // Canadian French orders accents from the end by itself.
  const backwards = spec.locale === 'fr_CA'
  if (spec.backwards !== undefined && spec.backwards !== null && spec.backwards !== backwards)
    throw notImplemented('collation with backwards secondary order')
  return {
    locale: spec.locale,
    caseLevel: spec.caseLevel === true,
    caseFirst: typeof spec.caseFirst === 'string' ? spec.caseFirst : 'off',
    strength,
    numericOrdering: spec.numericOrdering === true,
    alternate: spec.alternate === 'shifted' ? 'shifted' : 'non-ignorable',
    maxVariable: typeof spec.maxVariable === 'string' ? spec.maxVariable : 'punct',
    normalization: spec.normalization === true,
    backwards,
    version: VERSION,
  }
}

function isSupported(locale: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf([languageTag(locale)]).length > 0
  } catch (error) {
    // What is no language tag at all.
    if (error instanceof RangeError) return false
    throw error
  }
}

/** MongoDB writes en_US@collation=search where BCP 47 writes en-US. */
function languageTag(locale: string): string {
  const [name = 'und', keywords = ''] = locale.split('@')
  const type = /collation=([a-z]+)/.exec(keywords)?.[1]
  const tag = name.replaceAll('_', '-')
  return type ? `${tag}-u-co-${type === 'phonebook' ? 'phonebk' : type === 'traditional' ? 'trad' : type}` : tag
}

const compiled = new Map<string, Collator>()

/** The collator of a MongoDB collation document, or undefined for simple comparison. */
export function compileCollation(spec: Document | undefined): Collator | undefined {
  const normal = normalizeCollation(spec)
  if (!normal) return undefined
  const name = JSON.stringify(normal)
  let collator = compiled.get(name)
  if (!collator) {
    collator = createCollator(normal)
    compiled.set(name, collator)
  }
  return collator
}

function createCollator(spec: Document): Collator {
  const strength = spec.strength as number
  const intl = new Intl.Collator(languageTag(spec.locale as string), {
    usage: 'sort',
    sensitivity:
      strength === 1 ? (spec.caseLevel ? 'case' : 'base') : strength === 2 && !spec.caseLevel ? 'accent' : 'variant',
    numeric: spec.numericOrdering as boolean,
    caseFirst: spec.caseFirst === 'off' ? 'false' : (spec.caseFirst as 'upper' | 'lower'),
    ignorePunctuation: spec.alternate === 'shifted',
  })
  const identicalLevel = strength === 5
  return {
    spec,
    compare: (a, b) => {
      const order = intl.compare(a, b)
      return order === 0 && identicalLevel ? compareStrings(a.normalize('NFD'), b.normalize('NFD')) : Math.sign(order)
    },
    key: createFold(spec, intl),
  }
}

/** Letters that are others with a stroke or a tie, which Unicode does not take apart but most languages' order does. */
const compounds = Object.entries({
  ...{ æ: 'ae', ð: 'd', đ: 'd', ø: 'o', ß: 'ss', ħ: 'h', ł: 'l', œ: 'oe', ỻ: 'll' },
  ...{ ƍ: 'zw', ƾ: 'ts', ȸ: 'db', ȹ: 'qp', ʣ: 'dz', ʦ: 'ts', ʪ: 'ls', ʫ: 'lz', ᵹ: 'g', ᵺ: 'th', ᶞ: 'd' },
})
/** Stands for the long s, which is no s from strength 2 on, whatever its compatibility decomposition says. */
const longS = '\ue000'

/** Folds what the strength ignores: case below 3, accents at 1, leading zeros with numericOrdering, punctuation when shifted. */
function createFold(spec: Document, intl: Intl.Collator): (text: string) => string {
  const strength = spec.strength as number
  if (strength === 5) return (text) => text.normalize('NFD')
  const foldsCase = strength <= 2 && !spec.caseLevel
  const apart = compoundsOf(intl)
  const bare = withoutAccents(intl)
  return (text) => {
    let folded = text.normalize('NFD').replace(/[\p{Cf}\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu, '')
    if (strength <= 2) folded = apart(folded)
    if (strength === 1) folded = bare(folded)
    if (strength === 2) folded = folded.replaceAll('ſ', longS).replaceAll('ﬅ', `${longS}t`).normalize('NFKD')
    if (foldsCase) folded = foldCase(folded).normalize('NFD')
    if (spec.alternate === 'shifted' && strength <= 3) folded = folded.replace(/[\p{P}\p{Z}\s]/gu, '')
    if (spec.numericOrdering)
      folded = folded.replace(/0+(?=\p{Nd})/gu, (zeros, at: number, whole: string) =>
        /\p{Nd}/u.test(whole.charAt(at - 1)) ? zeros : '',
      )
    return folded
  }
}

/** Takes off what makes no other letter in the language: Spanish ñ is no n with an accent. */
function withoutAccents(intl: Intl.Collator): (text: string) => string {
  const known = new Map<string, string>()
  const plainOf = (letter: string): string => {
    const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '')
    return intl.compare(letter, plain) === 0 ? plain : letter
  }
  return (text) =>
    text
      .normalize('NFC')
      .replace(/[^\p{ASCII}\p{M}]/gu, (letter) => {
        const plain = known.get(letter) ?? plainOf(letter)
        known.set(letter, plain)
        return plain
      })
      .replace(/\p{M}/gu, '')
      // The dot of a Catalan l·l counts as little as an accent.
      .replace(/(l)·/giu, '$1')
}

/** Not of sharp s and dotless i: their capitals are also those of ss and i. */
function foldCase(text: string): string {
  return text.replaceAll('ẞ', 'ß').replace(/[^ßı]+/gu, (run) => run.toUpperCase().toLowerCase())
}

/** Takes compounds apart where the language's order does: Danish has ø as a letter of its own. */
function compoundsOf(intl: Intl.Collator): (text: string) => string {
  const parts = new Map(
    compounds
      .flatMap(([letter, others]) => [
        [letter, others],
        [letter.toUpperCase(), others.toUpperCase()],
        ['ẞ', 'SS'],
      ])
      .filter(([letter, others]) => intl.compare(letter as string, others as string) === 0) as [string, string][],
  )
  if (parts.size === 0) return (text) => text
  const any = new RegExp(`[${[...parts.keys()].filter((letter) => letter.length === 1).join('')}]`, 'gu')
  return (text) => text.replace(any, (letter) => parts.get(letter) as string)
}
