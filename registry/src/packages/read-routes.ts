import { Problem } from '@dcesop/sdk-plugin'
import type { ClientSession } from 'mongodb'
import { createHash } from 'node:crypto'
import semver from 'semver'
import { refused } from '../governance/refusals.ts'
import { addRoute } from '../http/json-route.ts'
import { publicUrlOf } from '../http/public-url.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument } from '../storage/documents.ts'
import { heedRange } from './byte-range.ts'
import { parseName, tarballName } from './names.ts'
import { manifestText, type PackumentForm, packumentText } from './packument.ts'
import { maintainersOf, packumentSource } from './packument-source.ts'
import {
  loggedVersions,
  type PackageSources,
  type ShownPackage,
  shownPackage,
  type ShownVersion,
  shownVersions,
} from './shown-package.ts'

const abbreviatedType = 'application/vnd.npm.install-v1+json'
/** Not where it is named to be left out. */
const abbreviatedAsked = /application\/vnd\.npm\.install-v1\+json(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i

export interface ReadRoutesDeps extends PackageSources {
  readonly scopes: Scopes
  readonly blobs: Blobs
  readonly publicUrl: string | null
}

/** What installers read: packuments, single manifests and tarballs. */
export function readRoutes({ database, catalogue, scopes, blobs, publicUrl }: ReadRoutesDeps): Routes {
  const sources = { database, catalogue }
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/{name}',
      access: 'anyone',
      async handler({ request, params }, h) {
        const found = await findPackage(database, parseName(params['name'] ?? '').full)
        const form = formOf(request.raw.req.headers.accept)
        const base = publicUrlOf(request.raw.req, publicUrl)
        // Members of a publisher change without its packages.
        const maintainers = form === 'full' ? await maintainersOf(found, scopes) : []
        const shown = await shownPackage(sources, found)
        // Of a revision that was put back somebody may have the document in which nothing was yanked yet.
        const etag = etagOf(
          found.rev,
          form,
          base,
          ...maintainers.map(({ name }) => name),
          ...shown.integrity.keys(),
          ...Object.entries(shown.tags).flat(),
        )
        // What is too short to be compressed was sent under this tag; hapi would name it unchanged under that of the compressed one.
        if (request.raw.req.headers['if-none-match']?.includes(`"${etag}"`)) request.info.acceptEncoding = 'identity'
        const unchanged = h.entity({ etag })
        if (unchanged) return unchanged.vary('accept').header('cache-control', 'public, max-age=0, must-revalidate')
        return h
          .response(packumentText(await packumentSource(sources, shown, maintainers, form), form, base))
          .type(form === 'full' ? 'application/json' : abbreviatedType)
          .vary('accept')
          .header('cache-control', 'public, max-age=0, must-revalidate')
      },
    })

    addRoute(server, {
      method: 'GET',
      path: '/{name}/{version}',
      access: 'anyone',
      async handler({ request, params }, h) {
        const found = await findPackage(database, parseName(params['name'] ?? '').full)
        const version = await resolve(sources, await shownPackage(sources, found), params['version'] ?? '')
        return h
          .response(manifestText(version, 'full', publicUrlOf(request.raw.req, publicUrl)))
          .type('application/json')
          .header('cache-control', 'public, max-age=0, must-revalidate')
      },
    })

    addRoute(server, {
      method: 'GET',
      path: '/{name}/-/{file}',
      access: 'anyone',
      ranges: true,
      async handler({ request, params }, h) {
        const { version, name } = versionOfFile(params['name'] ?? '', params['file'] ?? '')
        const found = (await loggedVersions(sources, name)).find((one) => one.version === version)
        if (!found) throw missing(`There is no ${params['file']} of ${name}.`)
        // The others stay for the record.
        if (found.yank?.class === 'security')
          throw new Problem(410, 'version_yanked', `${name}@${version} was yanked for security: ${found.yank.reason}`)
        const etag = found.blob.slice(0, 64)
        const unchanged = h.entity({ etag, vary: false })
        if (unchanged) return unchanged.header('cache-control', immutable)
        // It is compressed already.
        request.info.acceptEncoding = 'identity'
        heedRange(request, found.size, `"${etag}"`)
        // hapi takes the asked range out of the stream, and asks nothing of it for HEAD.
        const reply = request.method === 'head' ? h.response('') : h.response(await blobs.open(found.blob))
        // hapi says so of GET alone, and a download that goes on asks by HEAD first.
        reply.header('accept-ranges', 'bytes')
        return reply.type('application/octet-stream').bytes(found.size).header('cache-control', immutable)
      },
    })
  }
}

/** Whoever asks for one has every version held against each of its alternatives. */
const longestRange = 256

const immutable = 'public, max-age=31536000, immutable'

/** @throws Problem 404 */
export async function findPackage(database: Database, name: string, session?: ClientSession): Promise<PackageDocument> {
  const found = await database.packages.findOne({ _id: name }, session ? { session } : {})
  if (!found) throw refused('unknown_package', { name })
  return found
}

export function missing(detail: string): Problem {
  return new Problem(404, 'package_not_found', detail)
}

/** By version, tag or range, in this order. @throws Problem 404 */
async function resolve(sources: PackageSources, shown: ShownPackage, wanted: string): Promise<ShownVersion> {
  const numbers = [...shown.integrity.keys()]
  const tagged = Object.hasOwn(shown.tags, wanted) ? shown.tags[wanted] : undefined
  const exact = tagged ?? numbers.find((number) => number === wanted)
  const isRange = wanted.length <= longestRange && semver.validRange(wanted) !== null
  const best = exact ?? (isRange ? semver.maxSatisfying(numbers, wanted) : null)
  const only = new Map([...shown.integrity].filter(([number]) => number === best))
  const [match] = await shownVersions(sources, { ...shown, integrity: only })
  if (!match) throw missing(`There is no version or tag ${JSON.stringify(wanted.slice(0, 100))} of ${shown.found._id}.`)
  return match
}

/** @throws Problem 404 for a file that is not named as npm names them */
function versionOfFile(text: string, file: string): { name: string; version: string } {
  const name = parseName(text)
  const version = file.slice(name.base.length + 1, -'.tgz'.length)
  if (semver.valid(version) === null || tarballName(name, version) !== file)
    throw missing(`There is no ${JSON.stringify(file.slice(0, 100))} of ${name.full}.`)
  return { name: name.full, version }
}

/** npm sends both types with weights; whoever does not name the short one gets the full document. */
function formOf(accept: string | undefined): PackumentForm {
  return abbreviatedAsked.test(accept ?? '') ? 'abbreviated' : 'full'
}

function etagOf(rev: string, form: PackumentForm, ...rest: readonly string[]): string {
  return `${rev}-${form.slice(0, 1)}-${createHash('sha256').update(rest.join('\n')).digest('hex').slice(0, 8)}`
}
