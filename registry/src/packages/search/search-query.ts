import type { Filter } from 'mongodb'
import type { PackageDocument } from '../../storage/documents.ts'

export interface SearchQuery {
  /** Each part of each must begin a word of the package. */
  readonly words: readonly string[]
  readonly filter: Filter<PackageDocument>
}

const mostWords = 10
const mostParts = 30

/** npm's search text: words, and the qualifiers `scope:`, `keywords:`, `author:`, `maintainer:`, `not:deprecated`, `is:deprecated`. */
export function searchQuery(text: string): SearchQuery {
  const words: string[] = []
  const conditions: Filter<PackageDocument>[] = []
  for (const part of text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords)) {
    const [, key, value = ''] = /^(scope|keywords|author|maintainer|not|is):(.+)$/.exec(part) ?? []
    if (key === 'scope') conditions.push({ scope: value.replace(/^@/, '') })
    else if (key === 'keywords') conditions.push({ 'search.keywords': { $in: value.split(/[,+]/) } })
    else if (key === 'author' || key === 'maintainer') conditions.push({ 'search.publisher': value })
    else if (key === 'not' || key === 'is')
      conditions.push({ 'search.deprecated': key === 'is' && value === 'deprecated' })
    else words.push(part)
  }
  for (const part of words.flatMap(partsOf).slice(0, mostParts)) conditions.push({ 'search.terms': part })
  return { words, filter: conditions.length > 0 ? { $and: conditions } : {} }
}

/** A word as the terms of packages are written: `radio-links` is two of them. What holds no letter and no digit is found nowhere. */
function partsOf(word: string): (string | { readonly $regex: string })[] {
  const parts = word.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  // A prefix in an anchored expression reads a range of the index.
  return parts.length > 0 ? parts.map((part) => ({ $regex: `^${part}` })) : [word]
}
