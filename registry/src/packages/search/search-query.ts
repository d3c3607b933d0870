import type { Filter } from 'mongodb'
import type { PackageDocument } from '../../storage/documents.ts'

export interface SearchQuery {
  /** Each must begin a word of the package. */
  readonly words: readonly string[]
  readonly filter: Filter<PackageDocument>
}

const mostWords = 10

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
  // A prefix in an anchored expression reads a range of the index.
  for (const word of words) conditions.push({ 'search.terms': { $regex: `^${escape(word)}` } })
  return { words, filter: conditions.length > 0 ? { $and: conditions } : {} }
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
