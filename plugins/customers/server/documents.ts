import * as cpf from 'stdnum/lib/cjs/br/cpf.js'
import * as curp from 'stdnum/lib/cjs/mx/curp.js'
import * as rfc from 'stdnum/lib/cjs/mx/rfc.js'
import type { DocumentKind } from './regions.ts'

/**
 * Colombian cédula de ciudadanía: 3 to 10 digits without check digit, not starting with 0; NUIP numbers have 10 digits and
 * start at 1,000,000,000. Source: Registraduría Nacional, Resolución 3571 de 2003 (NUIP) and earlier issues of up to 8 digits.
 */
function validateCedula(value: string): string | undefined {
  const digits = value.replace(/[\s.,-]/g, '')
  return /^(?:[1-9]\d{2,7}|1\d{9})$/.test(digits) ? digits : undefined
}

/** CPF by its two check digits; the eleven equal digits pass the arithmetic but were never issued (Receita Federal). */
function validateCpf(value: string): string | undefined {
  const result = cpf.validate(value)
  return result.isValid && !/^(\d)\1{10}$/.test(result.compact) ? result.compact : undefined
}

/** RFC of a natural person: 13 characters with a check digit by the table in force (SAT, Anexo 20) or the one before it. */
function validateRfc(value: string): string | undefined {
  const result = rfc.validate(value.toUpperCase())
  return result.isValid && result.compact.length === 13 ? result.compact : undefined
}

/**
 * CURP by its check digit; its 17th sign settles the century of the birth date: a digit until 1999, then a letter (RENAPO). Since 2022
 * its 11th may be an X, for people who are neither H nor M.
 */
function validateCurp(value: string): string | undefined {
  const upper = value.toUpperCase().replace(/[\s-]/g, '')
  const result = curp.validate(asOfTwoSexes(upper))
  return result.isValid && curp.getBirthDate(result.compact) !== null ? upper : undefined
}

/** The CURP with an H in place of an X, which is 17 less of the check digit's table and counts eight times. */
function asOfTwoSexes(upper: string): string {
  const parts = /^(.{10})X(.{6})(\d)$/.exec(upper)
  return parts ? `${parts[1]}H${parts[2]}${(Number(parts[3]) + 17 * 8) % 10}` : upper
}

const validators: Readonly<Record<DocumentKind, (value: string) => string | undefined>> = {
  CPF: validateCpf,
  CURP: validateCurp,
  RFC: validateRfc,
  CC: validateCedula,
}

/** What people write before a number; NFKC makes an `o` of `º`. Of letters a label needs an end: `RFCA…` is how the RFC of somebody begins. */
const labels: Readonly<Record<DocumentKind, RegExp>> = {
  CPF: /^\s*cpf(?:\/mf)?[\s:.no°-]*(?=\d)/i,
  CURP: /^\s*curp[\s:.-]+/i,
  RFC: /^\s*rfc[\s:.-]+/i,
  CC: /^\s*(?:c\.?\s?c\.?|c[eé]dula)[\s:.no°-]*(?=\d)/i,
}

/** The document without label and punctuation, upper case; undefined when it cannot be a document of that kind. */
export function normaliseDocument(kind: DocumentKind, value: string): string | undefined {
  return validators[kind](value.normalize('NFKC').replace(labels[kind], ''))
}

/** As people write it: `390.533.447-05` for a CPF, thousands for a CC, letters unbroken for CURP and RFC. */
export function formatDocument(kind: DocumentKind, compact: string): string {
  if (kind === 'CPF') return compact.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4')
  if (kind === 'CC') return compact.replace(/\B(?=(\d{3})+$)/g, '.')
  return compact
}

/** The format with everything hidden but the last three characters, of a short number the last third. */
export function maskDocument(kind: DocumentKind, compact: string): string {
  const formatted = formatDocument(kind, compact)
  const shown = Math.min(3, Math.floor(compact.length / 3))
  let kept = 0
  return [...formatted]
    .reverse()
    .map((character) => (/[0-9A-ZÑ&]/.test(character) && ++kept > shown ? '•' : character))
    .reverse()
    .join('')
}
