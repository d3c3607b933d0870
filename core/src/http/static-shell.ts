import { notFound, Problem } from '@dcesop/sdk-plugin'
import { allowedMethods } from '@dcesop/sdk-plugin/http'
import type { Request, RouteOptions, Server } from '@hapi/hapi'
import { join, normalize } from 'node:path'
import type { CoreRoutes } from '../ports.ts'
import { isFile } from './is-file.ts'
import { contentSecurityPolicy, type PageSources } from './security-headers.ts'
import { shellPage } from './shell-page.ts'

const machinePrefixes = ['api/', 'ui/', 'oauth/', 'tmf-api/', 'socket.io', 'metrics', 'healthz', 'readyz']
const index = 'index.html'
const hashed = /[.-][0-9a-f]{8,}\.[a-z0-9]+$/

const options: RouteOptions = { auth: false, tags: ['fallback'], plugins: { dcesop: { access: 'public' } } }

/**
 * The built shell: hashed files for ever, everything else revalidated; an unknown path without an extension is a page of the shell.
 * @param directory `shell/dist`; precompressed `.br` and `.gz` neighbours are used where they exist
 * @param feedKey public key of the feed as JWK, pinned in the page
 * @param sources what the screens of plugins may reach besides this host
 */
export function shellRoutes(directory: string, feedKey: object, sources: () => PageSources): CoreRoutes {
  const page = shellPage(join(directory, index), feedKey, () => contentSecurityPolicy(sources()))
  return {
    register(server: Server) {
      server.route({
        method: 'GET',
        path: '/{path*}',
        options,
        async handler(request, h) {
          const path = pathOf(request)
          if (isForMachines(path)) throw unanswered(request)
          const file = await fileFor(directory, path)
          if (file === index) {
            const { html, etag, policy } = await page()
            return h
              .response(html)
              .type('text/html')
              .etag(etag, { weak: false, vary: true })
              .header('cache-control', 'no-cache')
              .header('content-security-policy', policy)
          }
          const cache = hashed.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache'
          const reply = h.file(file, {
            confine: directory,
            lookupCompressed: true,
            lookupMap: { br: '.br', gzip: '.gz' },
            etagMethod: 'hash',
          })
          return reply.header('cache-control', cache)
        },
      })
      server.route({
        method: '*',
        path: '/{path*}',
        options: { ...options, payload: { parse: false, output: 'stream' } },
        async handler(request, h) {
          const path = pathOf(request)
          if (isForMachines(path)) throw unanswered(request)
          await fileFor(directory, path)
          h.request.raw.res.setHeader('allow', 'GET, HEAD')
          throw new Problem(405, 'method_not_allowed', 'This is a page: it answers GET and HEAD.')
        },
      })
    },
  }
}

function pathOf(request: Request): string {
  return normalize(`/${(request.params['path'] as string | undefined) ?? ''}`).slice(1)
}

function isForMachines(path: string): boolean {
  return machinePrefixes.some((prefix) => `${path}/`.startsWith(prefix))
}

/** 405 where the address answers other methods, which an answer to GET by the shell would hide. */
function unanswered(request: Request): Problem {
  return allowedMethods(request).length > 0
    ? new Problem(405, 'method_not_allowed', 'This address does not answer that method.')
    : notFound('There is nothing at this address.')
}

/** @throws Problem 404 for a missing file, 503 when the shell was not built */
async function fileFor(directory: string, path: string): Promise<string> {
  // What is hidden is the build's own.
  if (path.split('/').some((part) => part.startsWith('.'))) throw notFound('There is nothing at this address.')
  // Packed neighbours of the page lack the pin.
  if (path !== '' && !path.startsWith(`${index}.`) && (await isFile(join(directory, path)))) return path
  if (/\.[a-z0-9]+$/i.test(path)) throw notFound('There is nothing at this address.')
  if (!(await isFile(join(directory, index)))) throw new Problem(503, 'unavailable', 'The console has not been built.')
  return index
}
