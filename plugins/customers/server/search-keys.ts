import { normaliseDocument } from './documents.ts'
import { nameWords, wordsToFind } from './names.ts'
import { normalisePhone } from './phones.ts'
import type { RegionProfile } from './regions.ts'

/**
 * Search keys are one indexed array per person. A prefix types them: `p:` phone, `d:` document, `a:` account, `e:` e-mail
 * (compared for equality only, so that they can become blind indexes), `n:` a word of the name (compared by prefix) and
 * `q:` the first three letters of two words of the name, which keeps searches of several words off long scans.
 */
export interface Identifiers {
  readonly names: string
  /** E.164. */
  readonly phones: readonly string[]
  /** Normalised. */
  readonly documents: readonly string[]
  readonly accounts: readonly string[]
  readonly emails: readonly string[]
}

export type SearchKind = 'phone' | 'document' | 'account' | 'email' | 'name'

export const kindOfPrefix: Readonly<Record<string, SearchKind>> = {
  p: 'phone',
  d: 'document',
  a: 'account',
  e: 'email',
  n: 'name',
  q: 'name',
}

/** Account numbers are compared without punctuation and case. */
function normaliseAccount(value: string): string {
  return value.toUpperCase().replace(/[^0-9A-Z]/g, '')
}

/** Case and the ways in which Unicode writes an accented letter make no other address. */
function normaliseEmail(value: string): string {
  return value.normalize('NFKC').toLowerCase()
}

/** @param words folded, in any order */
function pairKey(first: string, second: string): string {
  return `q:${[first.slice(0, 3), second.slice(0, 3)].sort().join(' ')}`
}

/** All keys of a person, distinct. */
export function keysOf(person: Identifiers): string[] {
  const words = wordsToFind(person.names)
  const pairs = words.flatMap((word, index) => words.slice(index + 1).map((other) => pairKey(word, other)))
  return [
    ...new Set([
      ...person.phones.map((phone) => `p:${phone}`),
      ...person.documents.map((document) => `d:${document}`),
      ...person.accounts.map((account) => `a:${normaliseAccount(account)}`),
      ...person.emails.map((email) => `e:${normaliseEmail(email)}`),
      ...words.map((word) => `n:${word}`),
      ...pairs,
    ]),
  ]
}

/** Beginnings of words that must all be there. */
export interface WordsPlan {
  readonly kind: 'words'
  readonly words: readonly string[]
  readonly pair?: string
  /** The same without particles, which systems that own records keep or leave out; absent where none was typed. */
  readonly withoutParticles?: WordsPlan
}

/** Either keys of which one must be there, or words. */
export type SearchPlan = { readonly kind: 'exact'; readonly keys: readonly string[] } | WordsPlan

/** Words between names, in Spanish and Portuguese. */
const particles = new Set(['de', 'del', 'la', 'las', 'los', 'y', 'da', 'das', 'do', 'dos', 'e'])

/**
 * How to look for what a person typed in one region; undefined when there is nothing to look for.
 * Whatever has digits or an @ is an identifier and is tried as each kind that it can be; the rest is the beginning of names.
 */
export function searchPlan(text: string, profile: RegionProfile): SearchPlan | undefined {
  const query = text.normalize('NFKC').trim()
  if (query.includes('@')) return { kind: 'exact', keys: [`e:${normaliseEmail(query)}`] }
  if (/\d/.test(query)) {
    const phone = normalisePhone(query, profile.country)
    const documents = profile.documents.map((kind) => normaliseDocument(kind, query))
    const account = normaliseAccount(query)
    const keys = [phone && `p:${phone}`, ...documents.map((document) => document && `d:${document}`), `a:${account}`]
    return { kind: 'exact', keys: keys.filter((key): key is string => key !== undefined && key !== '') }
  }
  const typed = nameWords(query)
  // The last word may be the beginning of a longer one.
  const names = typed.filter((word, index) => index === typed.length - 1 || !particles.has(word))
  const [plan, withoutParticles] = [wordsPlan(typed), wordsPlan(names)]
  return plan && withoutParticles && names.length < typed.length ? { ...plan, withoutParticles } : plan
}

function wordsPlan(typed: readonly string[]): WordsPlan | undefined {
  const words = typed.toSorted((a, b) => b.length - a.length)
  const [first, second] = words
  if (first === undefined) return undefined
  const pair = second !== undefined && second.length >= 3 ? pairKey(first, second) : undefined
  return pair === undefined ? { kind: 'words', words } : { kind: 'words', words, pair }
}
