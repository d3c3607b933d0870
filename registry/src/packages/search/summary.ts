import { isObject, type Json } from '@dcesop/sdk-plugin/host'
import type { SearchSummary } from '../../storage/documents.ts'

export interface SummarySource {
  readonly name: string
  readonly version: string
  readonly manifest: Json
  readonly readme: string
  readonly publisher: string
  readonly date: Date
}

/** Longer than any that somebody looks for. */
const longestWord = 100

/** What a search needs of the latest version. */
export function summaryOf({ name, version, manifest, readme, publisher, date }: SummarySource): SearchSummary {
  const description = textOf(manifest['description'])
  const keywords = [manifest['keywords']]
    .flat()
    .map((keyword) => textOf(keyword).slice(0, longestWord))
    .filter(Boolean)
    .slice(0, 50)
  const links = { homepage: manifest['homepage'], repository: manifest['repository'], bugs: manifest['bugs'] }
  return {
    terms: termsOf([name, ...keywords], [description, publisher]),
    version,
    description: description.slice(0, 500),
    keywords,
    publisher,
    date,
    links: Object.fromEntries(Object.entries(links).flatMap(([key, value]) => webLink(key, value))),
    quality: [description, readme, manifest['license'], manifest['repository'], keywords[0]].filter(Boolean).length / 5,
    deprecated: false,
  }
}

/** @param whole searched as they are and by their parts; @param prose by its words only */
function termsOf(whole: readonly string[], prose: readonly string[]): string[] {
  const words = [...whole, ...prose]
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length <= longestWord)
  return [...new Set([...whole.map((text) => text.toLowerCase()), ...words])].filter(Boolean).slice(0, 200)
}

function webLink(key: string, value: unknown): [string, string][] {
  const address = textOf(isObject(value) ? value['url'] : value)
  return /^https?:\/\//.test(address) ? [[key, address.slice(0, 500)]] : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
