import { notFound } from '@dcesop/sdk-plugin'
import type { RouteOptions, Server } from '@hapi/hapi'
import { join } from 'node:path'
import type { CoreRoutes } from '../ports.ts'
import { isFile } from './is-file.ts'

const options: RouteOptions = { auth: false, plugins: { dcesop: { access: 'public' } } }

/** The documentation site at `/docs/`: what an error code or a rule means is then known without another network. */
export function docsRoutes(directory: string): CoreRoutes {
  return {
    register(server: Server) {
      server.route({
        method: 'GET',
        path: '/docs',
        options,
        handler: (_request, h) => h.redirect('docs/'),
      })
      server.route({
        method: 'GET',
        path: '/docs/{path*}',
        options: { ...options, files: { relativeTo: directory } },
        async handler(request, h) {
          const path = (request.params['path'] as string | undefined) ?? ''
          const isHidden = path.startsWith('/') || path.split('/').some((part) => part.startsWith('.'))
          if (isHidden) throw notFound('There is nothing at this address.')
          const isFolder = !/(^|\/)$|\.\w+$/.test(path)
          const file = isFolder ? `${path}/index.html` : path.replace(/(^|\/)$/, '$1index.html')
          if (!(await isFile(join(directory, file)))) throw notFound('There is nothing at this address.')
          // Relative links of a folder's page need the slash; with the dot a name such as `https:elsewhere` is no other site.
          if (isFolder) return h.redirect(`./${path.split('/').at(-1)}/`)
          return h.file(file, { confine: directory, etagMethod: 'hash' }).header('cache-control', 'no-cache')
        },
      })
    },
  }
}
