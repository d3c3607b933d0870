import type { RegionId } from '@dcesop/sdk-plugin'
import type { QueryFilter } from 'mongoose'
import { maskDocument } from './documents.ts'
import type { PersonDocument } from './model/person.ts'
import { maskPhone } from './phones.ts'
import { kindOfPrefix, type SearchKind, type SearchPlan } from './search-keys.ts'
import type { CustomerStore } from './store.ts'

/** What a search shows of a person: the name in full, the identifiers masked. */
export interface CustomerSummary {
  readonly region: RegionId
  readonly id: string
  readonly name: string
  readonly segment: string
  readonly city?: string
  readonly document?: { readonly kind: string; readonly masked: string }
  readonly phone?: string
}

export interface SearchResult extends CustomerSummary {
  readonly matched: SearchKind
}

export const summaryFields = { personal: 1, segment: 1 } as const

/** @param person with at least `summaryFields` */
export function summaryOf(region: RegionId, person: PersonDocument): CustomerSummary {
  const { givenNames, familyNames, city, documents, phones } = person.personal
  const [document] = documents
  const [phone] = phones
  return {
    region,
    id: person._id,
    name: `${givenNames} ${familyNames}`,
    segment: person.segment,
    ...(city === undefined ? {} : { city }),
    ...(document === undefined
      ? {}
      : { document: { kind: document.kind, masked: maskDocument(document.kind, document.value) } }),
    ...(phone === undefined ? {} : { phone: maskPhone(phone.number) }),
  }
}

/** Filter on the multikey index: equality, or anchored beginnings of folded words, which hold no sign that a pattern could read. */
export function searchFilter(plan: SearchPlan): QueryFilter<PersonDocument> {
  if (plan.kind === 'exact') return { keys: { $in: [...plan.keys] } }
  const words = plan.words.map((word) => ({ keys: new RegExp(`^n:${word}`) }))
  return { $and: plan.pair === undefined ? words : [{ keys: plan.pair }, ...words] }
}

/**
 * People of one region whom the plan finds; at most `limit`. Exact matches take one index entry each. Who has the name without its
 * particles comes after those who have it as it was typed.
 */
export async function searchRegion(store: CustomerStore, plan: SearchPlan, limit: number): Promise<SearchResult[]> {
  const people = await store.people
    .find(searchFilter(plan), plan.kind === 'exact' ? { ...summaryFields, keys: 1 } : summaryFields)
    .limit(limit)
    .lean<PersonDocument[]>()
  const found = people.map((person) => ({ ...summaryOf(store.region, person), matched: matchedKind(plan, person) }))
  if (plan.kind === 'exact' || plan.withoutParticles === undefined || found.length >= limit) return found
  const known = new Set(found.map(({ id }) => id))
  const more = await searchRegion(store, plan.withoutParticles, limit)
  return [...found, ...more.filter(({ id }) => !known.has(id))].slice(0, limit)
}

function matchedKind(plan: SearchPlan, person: PersonDocument): SearchKind {
  if (plan.kind === 'words') return 'name'
  const key = plan.keys.find((candidate) => person.keys.includes(candidate)) ?? ''
  return kindOfPrefix[key.charAt(0)] ?? 'account'
}
