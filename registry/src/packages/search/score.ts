import type { PackageDocument } from '../../storage/documents.ts'

export interface Weights {
  readonly quality: number
  readonly popularity: number
  readonly maintenance: number
}

export interface Score {
  readonly final: number
  /** How well the words match, before any weight. */
  readonly text: number
  readonly detail: Weights
}

const halfLifeMs = 180 * 86_400_000

/**
 * How good a match is: what the words hit comes first, the weights only order what matches equally well.
 * The registry does not count downloads, so popularity is nothing for every package.
 */
export function scoreOf({ _id, search }: PackageDocument, words: readonly string[], weights: Weights): Score {
  const base = _id.replace(/^@[^/]+\//, '').toLowerCase()
  const hits = words.map((word) => {
    if (_id.toLowerCase() === word || base === word) return 4
    if (base.startsWith(word) || _id.toLowerCase().startsWith(word)) return 3
    if (base.includes(word)) return 2
    return search.keywords.some((keyword) => keyword.toLowerCase().startsWith(word)) ? 1.5 : 1
  })
  const text = hits.reduce((total, hit) => total + hit, 0) / Math.max(hits.length, 1)
  const maintenance = 0.5 ** ((Date.now() - search.date.getTime()) / halfLifeMs)
  const detail = { quality: search.quality, popularity: 0, maintenance }
  const weighed = detail.quality * weights.quality + detail.maintenance * weights.maintenance
  return { final: text + weighed / 10 - (search.deprecated ? 1 : 0), text, detail }
}
