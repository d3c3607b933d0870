import { Problem } from '@dcesop/sdk-plugin'
import type { AdvisoryDocument } from '../../storage/documents.ts'
import { addRoute } from '../../http/json-route.ts'
import type { Routes } from '../../http/server.ts'
import { isAdmin } from '../../identity/caller.ts'
import type { Json } from '@dcesop/sdk-plugin/host'
import type { Advisories, AdvisoryQuery } from './advisories.ts'
import { auditReport, bulkEntry, installedIn } from './audit-report.ts'

const mebibyte = 1024 * 1024
const versionsByName = {
  type: 'object',
  maxProperties: 20_000,
  additionalProperties: { type: 'array', maxItems: 1000, items: { type: 'string', maxLength: 256 } },
}
const records = {
  type: 'object',
  additionalProperties: false,
  required: ['records'],
  properties: { records: { type: 'array', maxItems: 10_000 } },
}

const list = {
  type: 'object',
  additionalProperties: false,
  properties: {
    package: { type: 'string', maxLength: 214 },
    after: { type: 'string', maxLength: 500 },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 200 },
  },
}

/** `npm audit` of every generation, and the import of OSV records by administrators. */
export function advisoryRoutes(advisories: Advisories): Routes {
  return (server) => {
    addRoute(server, {
      method: 'POST',
      path: '/-/npm/v1/security/advisories/bulk',
      access: 'anyone',
      reading: true,
      maxBytes: 4 * mebibyte,
      body: versionsByName,
      async handler({ body }) {
        const installed = new Map(Object.entries(body as Record<string, string[]>))
        const [found, bundled] = [await advisories.about(installed), await advisories.inside(installed)]
        const names = new Set([...found.keys(), ...bundled.keys()])
        return Object.fromEntries(
          [...names].map((name) => [name, [...(found.get(name) ?? []), ...(bundled.get(name) ?? [])].map(bulkEntry)]),
        )
      },
    })
    for (const path of ['/-/npm/v1/security/audits', '/-/npm/v1/security/audits/quick'])
      addRoute(server, {
        method: 'POST',
        path,
        access: 'anyone',
        reading: true,
        maxBytes: 8 * mebibyte,
        body: { type: 'object' },
        async handler({ body }) {
          const installed = installedIn(body as Json)
          const byName = Map.groupBy(installed, ({ name }) => name)
          const versions = new Map([...byName].map(([name, list]) => [name, list.map(({ version }) => version)]))
          return auditReport(installed, [...(await advisories.about(versions)).values()].flat())
        },
      })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/advisories',
      access: 'anyone',
      query: list,
      async handler({ query }) {
        const wish = query as unknown as AdvisoryQuery
        const found = await advisories.list(wish)
        const next = found.length === wish.limit ? (found.at(-1)?._id ?? null) : null
        return { sha256: await advisories.digest(), advisories: found.map(entryOf), next }
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/advisories',
      access: 'signed-in',
      maxBytes: 16 * mebibyte,
      body: records,
      async handler({ body, caller }) {
        if (!isAdmin(caller(), 'any')) throw new Problem(403, 'forbidden', 'Administrators import advisories.')
        return { imported: await advisories.import((body as { records: unknown[] }).records, caller().user) }
      },
    })
  }
}

/** The id is that of the OSV record, and the package that it is about. */
function entryOf({ _id, ...advisory }: AdvisoryDocument): object {
  return { id: _id, ...advisory }
}
