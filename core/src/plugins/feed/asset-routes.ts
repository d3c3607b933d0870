import { Problem } from '@dcesop/sdk-plugin'
import type { Request, ResponseToolkit, Server } from '@hapi/hapi'
import type { CoreRoutes } from '../../ports.ts'
import type { AssetCache } from './asset-cache.ts'
import { type Encoding, isCompressible } from './assets.ts'

const forever = 'public, max-age=31536000, immutable'

/** `GET /ui/{id}/{slug}/{file*}`: immutable files of plugins' UIs, public like the shell's own. */
export function assetRoutes(cache: Pick<AssetCache, 'find'>): CoreRoutes {
  return {
    register(server: Server) {
      server.route({
        method: 'GET',
        path: '/ui/{id}/{slug}/{file*}',
        options: { auth: false, plugins: { dcesop: { access: 'public', activity: false } } },
        handler: (request, h) => serve(request, h, cache),
      })
    },
  }
}

async function serve(request: Request, h: ResponseToolkit, cache: Pick<AssetCache, 'find'>) {
  const { id, slug, file } = request.params as Record<string, string>
  const set = await cache.find(id ?? '', slug ?? '')
  const asset = set?.files.get(file ?? '')
  if (!asset) throw new Problem(404, 'not_found', 'There is no such file.')
  const encoding = isCompressible(asset)
    ? accepted(request.headers['accept-encoding'] as string | undefined)
    : 'identity'
  const response = h
    .response(await asset.encoded(encoding))
    .type(asset.type)
    .header('cache-control', forever)
  response.header('x-content-type-options', 'nosniff').header('cross-origin-resource-policy', 'same-origin')
  // Packed it is another sequence of bytes, which a strong tag names.
  const packed = encoding === 'identity' ? '' : `-${encoding}`
  response.etag(asset.integrity.slice('sha384-'.length) + packed, { weak: false, vary: false })
  if (isCompressible(asset)) response.vary('accept-encoding')
  if (encoding !== 'identity') response.header('content-encoding', encoding)
  return response
}

/** The better of the two that the client takes by its name, in any case, or by the asterisk (RFC 9110, 12.5.3). */
function accepted(header: string | undefined): Encoding {
  const offered = new Map(
    (header ?? '').split(',').map((item) => {
      const [name = '', ...weight] = item.toLowerCase().split(';')
      return [name.trim(), !weight.some((part) => /^\s*q=0(\.0*)?\s*$/.test(part))]
    }),
  )
  const takes = (name: string) => offered.get(name) ?? offered.get('*') ?? false
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
}
