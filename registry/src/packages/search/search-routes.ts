import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../../http/json-route.ts'
import { publicUrlOf } from '../../http/public-url.ts'
import type { Routes } from '../../http/server.ts'
import type { PackageDocument } from '../../storage/documents.ts'
import type { PackageSources } from '../shown-package.ts'
import { offeredOf } from './offered-matches.ts'
import { scoreOf, type Score, type Weights } from './score.ts'
import { searchQuery } from './search-query.ts'

const weight = { type: 'number', minimum: 0, maximum: 1 }
const query = {
  type: 'object',
  properties: {
    text: { type: 'string', maxLength: 512 },
    size: { type: 'integer', minimum: 0, default: 20 },
    from: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
    quality: { ...weight, default: 0.65 },
    popularity: { ...weight, default: 0.98 },
    maintenance: { ...weight, default: 0.5 },
  },
}
type Asked = Weights & { readonly text?: string; readonly size: number; readonly from: number }

const largestPage = 250
/** Matches that are ranked; beyond it a search is too wide to be of use, and the order is that of the names. */
const mostRanked = 2000

/** `npm search`. */
export function searchRoutes(sources: PackageSources, publicUrl: string | null): Routes {
  const { database } = sources
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/v1/search',
      access: 'anyone',
      query,
      async handler(call) {
        const { text, size, from, ...weights } = call.query as unknown as Asked
        if (text === undefined || text.trim() === '')
          throw new Problem(400, 'invalid_request', 'Say what to search for: ?text=…')
        const { words, filter } = searchQuery(text)
        const base = publicUrlOf(call.request.raw.req, publicUrl)
        const [found, count] = await Promise.all([
          database.packages.find(filter).sort({ _id: 1 }).limit(mostRanked).toArray(),
          database.packages.countDocuments(filter),
        ])
        const offered = await offeredOf(sources, found)
        const ranked = offered
          .map((match) => ({ match, score: scoreOf(match, words, weights) }))
          .sort((left, right) => right.score.final - left.score.final || (left.match._id < right.match._id ? -1 : 1))
        const page = ranked.slice(from, from + Math.min(size, largestPage))
        const objects = page.map(({ match, score }) => result(match, score, base))
        return { objects, total: count - found.length + offered.length, time: new Date().toISOString() }
      },
    })
  }
}

function result({ _id: name, scope, kind, search }: PackageDocument, score: Score, base: string): object {
  const publisher = { username: search.publisher, email: '' }
  return {
    package: {
      name,
      scope: scope ?? 'unscoped',
      version: search.version,
      description: search.description,
      keywords: search.keywords,
      date: search.date,
      links: { ...search.links, npm: `${base}/${name}` },
      publisher,
      maintainers: [publisher],
      dcesop: { kind },
    },
    score: { final: score.final, detail: score.detail },
    searchScore: score.text,
    flags: search.deprecated ? { deprecated: true } : {},
  }
}
