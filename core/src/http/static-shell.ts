import { notFound, Problem } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import { stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { CoreRoutes } from '../ports.ts'
import { shellPage } from './shell-page.ts'

const machinePrefixes = ['api/', 'ui/', 'oauth/', 'tmf-api/', 'socket.io', 'metrics', 'healthz', 'readyz']
const index = 'index.html'
const hashed = /[.-][0-9a-f]{8,}\.[a-z0-9]+$/

/**
 * The built shell: hashed files for ever, everything else revalidated; an unknown path without an extension is a page of the shell.
 * @param directory `shell/dist`; precompressed `.br` and `.gz` neighbours are used where they exist
 * @param feedKey public key of the feed as JWK, pinned in the page
 */
export function shellRoutes(directory: string, feedKey: object): CoreRoutes {
  const page = shellPage(join(directory, index), feedKey)
  return {
    register(server: Server) {
      server.route({
        method: 'GET',
        path: '/{path*}',
        options: { auth: false, tags: ['fallback'], plugins: { dcesop: { access: 'public' } } },
        async handler(request, h) {
          const path = normalize(`/${(request.params['path'] as string | undefined) ?? ''}`).slice(1)
          if (machinePrefixes.some((prefix) => `${path}/`.startsWith(prefix)))
            throw notFound('There is nothing at this address.')
          const file = await fileFor(directory, path)
          if (file === index) {
            const { html, etag } = await page()
            return h
              .response(html)
              .type('text/html')
              .etag(etag, { weak: false, vary: true })
              .header('cache-control', 'no-cache')
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
    },
  }
}

/** @throws Problem 404 for a missing file, 503 when the shell was not built */
async function fileFor(directory: string, path: string): Promise<string> {
  // Packed neighbours of the page lack the pin.
  if (path !== '' && !path.startsWith(`${index}.`) && (await isFile(join(directory, path)))) return path
  if (/\.[a-z0-9]+$/i.test(path)) throw notFound('There is nothing at this address.')
  if (!(await isFile(join(directory, index)))) throw new Problem(503, 'unavailable', 'The console has not been built.')
  return index
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
