import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import type { Country } from './regions.ts'

/**
 * Mexico dropped 01, 044, 045 and the 1 after +52 on 2019-08-03 (IFT, Plan Técnico Fundamental de Numeración of 2018);
 * people and old systems still write them.
 */
function withoutFormerMexicanPrefixes(digits: string): string {
  return digits.replace(/^(\+?52)?(?:044|045|01)(?=\d{10}$)/, '$1').replace(/^(\+?52)1(?=\d{10}$)/, '$1')
}

/**
 * Colombia put 60 before the area code of fixed lines on 2021-09-01 and dropped the 0 and the digit of a carrier before it (CRC,
 * Resolución 5826 of 2019), so that all numbers have ten digits.
 */
function withAreaCodeOfTenDigits(digits: string): string {
  return digits.replace(/^(?:\+?57)?(?:0[3579])?(?=[124-8]\d{7}$)/, () => '+5760')
}

/**
 * Brazil put a 9 before the eight digits of mobile numbers, area by area until 2016-11-06 (Anatel, Resolução 553/2010). Trunking lines
 * (some that begin with 7) kept eight, which the plan of numbers knows.
 */
function withNinthDigit(digits: string): string {
  return digits.replace(/^((?:\+?55)?0?[1-9]{2})(?=[6-9]\d{7}$)/, '$19')
}

/** Today's writing of what a former plan of numbers left behind. */
const formerPlans: Readonly<Record<Country, (digits: string) => string>> = {
  BR: withNinthDigit,
  MX: withoutFormerMexicanPrefixes,
  CO: withAreaCodeOfTenDigits,
}

function parse(text: string, country: Country): PhoneNumber | undefined {
  const digits = text.replace(/[^\d+]/g, '').replace(/^00(?=[1-9])/, '+')
  // As it stands first: what is a number today is no former one.
  return validNumber(digits, country) ?? validNumber(formerPlans[country](digits), country)
}

function validNumber(digits: string, country: Country): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false })
  return parsed?.isValid() ? parsed : undefined
}

/**
 * The number without what call logs, word processors and habit put around it: full-width digits, marks of direction, dashes of all
 * kinds, `tel:`, and in Brazil `0xx`, in which the two letters stand for a carrier that nobody has to choose any more.
 */
function plain(text: string, country: Country): string {
  const signs = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(/^\s*tel:/i, '')
  return country === 'BR' ? signs.replace(/\b0\s?xx/i, '0') : signs
}

/**
 * E.164 form of a number in any local or international writing, for example `(11) 98765-4321` in BR is `+5511987654321`;
 * undefined when it is no valid number (plan of numbers: libphonenumber metadata).
 */
export function normalisePhone(text: string, country: Country): string | undefined {
  const written = plain(text, country)
  return /^[\d\s().+/-]{7,32}$/.test(written) ? parse(written, country)?.number : undefined
}

/** International writing with spaces, for example `+55 11 98765 4321`. */
export function formatPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164
}

/** The international writing with all digits hidden but country, area and the last four. */
export function maskPhone(e164: string): string {
  const formatted = formatPhone(e164)
  const digits = formatted.replace(/\D/g, '').length
  let seen = 0
  const groups = formatted.split(' ')
  const shown = groups.slice(0, 2).join('').replace(/\D/g, '').length
  return formatted.replace(/\d/g, (digit) => (++seen <= Math.min(shown, 5) || seen > digits - 4 ? digit : '•'))
}
