import type { Edit } from './draft.ts'

const cache = new Map<string, string>()

/** The sign before the fraction in a language: a comma in Brazil, a point in Mexico. */
export function decimalSign(locale: string): string {
  const known = cache.get(locale)
  if (known !== undefined) return known
  const sign = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.'
  cache.set(locale, sign)
  return sign
}

/** A number as a field shows it: without signs between thousands, which could be taken for the other one. */
export const numberText = (value: number, locale: string): string =>
  Math.abs(value) >= 1e15 ? String(value) : String(value).replace('.', decimalSign(locale))

/** What somebody wrote as a number. Anything that could be read in two ways is none. */
export function numberEdit(text: string, kind: 'number' | 'integer', locale: string): Edit {
  const plain = text.trim()
  const sign = decimalSign(locale) === ',' ? ',' : String.raw`\.`
  const form = kind === 'integer' ? /^[-+]?\d+$/ : new RegExp(String.raw`^[-+]?(\d+(${sign}\d*)?|${sign}\d+)$`)
  return form.test(plain) ? { set: Number(plain.replace(',', '.')), text } : { wrong: kind, text }
}

export function jsonEdit(text: string): Edit {
  try {
    return { set: JSON.parse(text) as unknown, text }
  } catch {
    return { wrong: 'json', text }
  }
}
