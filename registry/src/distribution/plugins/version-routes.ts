import { addRoute } from '../../http/json-route.ts'
import type { Routes } from '../../http/server.ts'
import type { Catalogue, CatalogueVersion } from '../catalogue/catalogue.ts'

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['versions'],
  properties: { versions: { type: 'array', maxItems: 500, items: { type: 'string', maxLength: 400 } } },
}

/** What many versions bring, in one answer: for lists of them. */
export function versionRoutes(catalogue: Catalogue): Routes {
  return (server) =>
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/versions',
      access: 'anyone',
      reading: true,
      body,
      maxBytes: 256 * 1024,
      async handler(call) {
        const wanted = (call.body as { versions: readonly string[] }).versions
        const { packages } = await catalogue.current()
        const found = wanted.flatMap((id) => {
          const version = packages.get(id.slice(0, id.lastIndexOf('@')))?.find((one) => one.id === id)
          return version ? [[id, contentsOf(version)] as const] : []
        })
        return { versions: Object.fromEntries(found) }
      },
    })
}

/** @returns sizes in bytes, and which halves a plugin has */
function contentsOf({ manifest, size, dist }: CatalogueVersion) {
  const kinds = [...(manifest?.ui ? ['ui'] : []), ...(manifest?.backend ? ['backend'] : [])]
  return { kinds, packed: size, unpacked: dist.unpackedSize }
}
