import semver from 'semver'
import { Problem } from '@dcesop/sdk-plugin'
import { findVersion, packageOf, revisionOf } from '../../governance/find-version.ts'
import { permissionDiff } from '../../governance/permission-diff.ts'
import { addRoute } from '../../http/json-route.ts'
import type { Routes } from '../../http/server.ts'
import type { Origins } from '../bundle/origins.ts'
import type { Advisories } from '../../packages/advisories/advisories.ts'
import { missing } from '../../packages/read-routes.ts'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { newestIn, snapshotPackage } from '../../trust/snapshot/snapshot-content.ts'
import type { Catalogue, CatalogueVersion } from '../catalogue/catalogue.ts'

export interface PluginRoutesDeps {
  readonly database: Database
  readonly catalogue: Catalogue
  readonly log: TransparencyLog
  readonly advisories: Advisories
  readonly channels: readonly string[]
  readonly origins: Origins
}

const text = (maxLength: number) => ({ type: 'string', maxLength })
const list = {
  type: 'object',
  additionalProperties: false,
  properties: {
    q: text(200),
    region: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
    compatibleWith: text(128),
    channel: text(40),
    from: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
    size: { type: 'integer', minimum: 1, maximum: 250, default: 50 },
  },
}
interface ListQuery {
  readonly q?: string
  readonly region?: string
  readonly compatibleWith?: string
  readonly channel?: string
  readonly from: number
  readonly size: number
}
const detail = { type: 'object', additionalProperties: false, properties: { against: text(128) } }

/** Plugins with what was decided about them. */
export function pluginRoutes({ database, catalogue, log, advisories, channels, origins }: PluginRoutesDeps): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/plugins',
      access: 'anyone',
      query: list,
      async handler({ query }) {
        const asked = query as unknown as ListQuery
        if (asked.compatibleWith !== undefined && semver.valid(asked.compatibleWith) === null)
          throw new Problem(400, 'invalid_request', '"compatibleWith" must be a version of the host.')
        if (asked.channel !== undefined && !channels.includes(asked.channel))
          throw new Problem(400, 'invalid_request', `Channels are: ${channels.join(', ')}.`)
        const { packages } = await catalogue.current()
        const found = [...packages.values()]
          .flatMap((versions) => newestFor(versions, asked, channels) ?? [])
          .filter((version) => matches(version, asked.q))
          .sort((left, right) => ((left.manifest?.id ?? '') < (right.manifest?.id ?? '') ? -1 : 1))
        const page = found.slice(asked.from, asked.from + asked.size)
        return { total: found.length, plugins: page.map(summary) }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/plugins/{id}',
      access: 'anyone',
      async handler({ params }) {
        const name = await packageOf(database, params['id'] ?? '')
        const versions = (await catalogue.current()).packages.get(name)
        if (!versions) throw missing(`There is no plugin ${name}.`)
        const newestFirst = versions.toSorted((left, right) => semver.rcompare(left.version, right.version))
        return {
          package: name,
          channels: snapshotPackage(versions, channels).channels,
          versions: newestFirst.map(summary),
        }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/plugins/{id}/versions/{version}',
      access: 'anyone',
      query: detail,
      async handler({ params, query }) {
        const id = params['id'] ?? ''
        const found = await findVersion(database, id, params['version'] ?? '')
        const { version, governance, manifest } = found
        const { against } = query as { against?: string }
        const other = against === undefined ? undefined : await findVersion(database, id, against)
        const bundled = Map.groupBy(version.components, ({ name }) => name)
        const known = await advisories.about(
          new Map([
            ...[...bundled].map(([name, parts]) => [name, parts.map((part) => part.version)] as const),
            [version.package, [version.version]],
          ]),
        )
        return {
          id: version._id,
          revision: revisionOf(found),
          package: version.package,
          version: version.version,
          manifest,
          permissions: manifest && {
            requests: manifest.permissions?.requests ?? [],
            ...(other ? { against, diff: permissionDiff(other.manifest, manifest) } : {}),
          },
          checks: version.checks,
          channel: governance.channel,
          flags: governance.flags,
          yank: version.yank,
          approvals: governance.regions,
          provenance: {
            publishedBy: version.publishedBy,
            publishedAt: version.publishedAt,
            signers: governance.signers,
            integrity: version.dist.integrity,
            signatures: version.dist.signatures ?? [],
            size: version.size,
          },
          origin: await origins.find(version._id),
          sbom: { components: version.components },
          advisories: [...known.values()].flat(),
          history: (await log.history({ subject: version._id }, 100)).map((entry) => JSON.parse(entry) as object),
        }
      },
    })
  }
}

/** The newest version of a plugin that a region may have on a host of that version. */
function newestFor(
  versions: readonly CatalogueVersion[],
  { region, compatibleWith, channel }: ListQuery,
  channels: readonly string[],
): CatalogueVersion | undefined {
  const fitting = versions.filter(({ manifest, governance }) => {
    if (!manifest) return false
    if (region !== undefined && !governance.regions.some((one) => one.region === region && one.state === 'approved'))
      return false
    return compatibleWith === undefined || semver.satisfies(compatibleWith, manifest.engines.dcesop)
  })
  return newestIn(fitting, channel ?? (channels[0] as string), channels)
}

function matches({ manifest, package: name }: CatalogueVersion, q: string | undefined): boolean {
  if (!q) return true
  const about = [name, manifest?.id, manifest?.support.owner, ...Object.keys(manifest?.provides ?? {})]
    .join(' ')
    .toLowerCase()
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => about.includes(word))
}

function summary({
  package: name,
  version,
  manifest,
  governance,
  yank,
  publishedAt,
  publishedBy,
  size,
}: CatalogueVersion) {
  return {
    id: manifest?.id,
    package: name,
    version,
    channel: governance.channel,
    flags: governance.flags,
    yank,
    criticality: manifest?.criticality,
    provides: manifest?.provides ?? {},
    owner: manifest?.support.owner,
    publishedAt,
    publishedBy,
    size,
    regions: governance.regions.map(({ region, state }) => ({ region, state })),
  }
}
