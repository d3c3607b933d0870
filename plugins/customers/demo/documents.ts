import { normaliseDocument } from '../server/documents.ts'
import { fold } from '../server/names.ts'
import { pick, scatter } from './random.ts'

/** A CPF with right check digits (module 11 over descending weights, Receita Federal). */
export function demoCpf(index: number): string {
  const digits = String(scatter(index, 1_000_000_000)).padStart(9, '0')
  const check = (text: string): string => {
    const sum = [...text].reduce((total, digit, position) => total + Number(digit) * (text.length + 1 - position), 0)
    return String(sum % 11 < 2 ? 0 : 11 - (sum % 11))
  }
  const first = check(digits)
  return digits + first + check(digits + first)
}

/** A cédula of ten digits as issued since 2003. */
export function demoCedula(index: number): string {
  return String(1_000_000_000 + scatter(index, 100_000_000))
}

export interface MexicanPerson {
  readonly given: string
  readonly father: string
  readonly mother: string
  readonly female: boolean
  /** YYYY-MM-DD */
  readonly birthDate: string
}

const states = ['DF', 'JC', 'NL', 'PL', 'YN', 'QT', 'MC', 'GT'] as const
const homoclave = 'ABCDEFGHIJKLMNPQRSTUVWXYZ123456789'

function letters(word: string): string {
  return fold(word)
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
}

/** Last digit by which the published check accepts a CURP; undefined when its letters are never issued. */
function curpOf(body: string): string | undefined {
  for (const check of '0123456789') {
    const candidate = normaliseDocument('CURP', body + check)
    if (candidate !== undefined) return candidate
  }
  return undefined
}

/** What an RFC is made of, by value (SAT, Anexo 20). */
const rfcSigns = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ'

/** Check character of an RFC: the library also accepts that of an older table, so trying would find either. */
export function rfcCheck(body: string): string {
  const sum = [...body].reduce((total, sign, position) => total + rfcSigns.indexOf(sign) * (13 - position), 0)
  return '0123456789A'.charAt((11 - (sum % 11)) % 11)
}

/** First letter and first inner vowel of the father's name, first letters of mother's and given name; words never issued get an X. */
function initials({ father, mother, given }: MexicanPerson): readonly string[] {
  const [first, second, third] = [letters(father), letters(mother), letters(given)]
  const vowel = /^.+?([AEIOU])/.exec(first)?.[1] ?? 'X'
  const head = first.charAt(0)
  const tail = second.charAt(0) + third.charAt(0)
  return [head + vowel + tail, `${head}X${tail}`]
}

function innerConsonant(word: string): string {
  return /^.[^BCDFGHJKLMNPQRSTVWXYZ]*([BCDFGHJKLMNPQRSTVWXYZ])/.exec(letters(word))?.[1] ?? 'X'
}

/** CURP and RFC of one person, both with right check characters (RENAPO, SAT). */
export function demoMexicanDocuments(person: MexicanPerson, random: () => number): { curp: string; rfc: string } {
  const day = person.birthDate.slice(2).replaceAll('-', '')
  const born2000 = person.birthDate >= '2000'
  const tail =
    (person.female ? 'M' : 'H') +
    pick(random, states) +
    innerConsonant(person.father) +
    innerConsonant(person.mother) +
    innerConsonant(person.given) +
    (born2000 ? pick(random, [...'ABCDE']) : pick(random, [...'01']))
  const code = pick(random, [...homoclave.slice(0, 20)]) + pick(random, [...homoclave])
  for (const start of initials(person)) {
    const curp = curpOf(start + day + tail)
    const rfc = normaliseDocument('RFC', start + day + code + rfcCheck(start + day + code))
    if (curp !== undefined && rfc !== undefined) return { curp, rfc }
  }
  throw new Error('No document can be made for this person.')
}
