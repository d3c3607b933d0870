import { notFound } from '@dcesop/sdk-plugin'
import type { RouteOptions, Server } from '@hapi/hapi'
import type { CoreRoutes } from '../ports.ts'

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
        handler(request, h) {
          const path = (request.params['path'] as string | undefined) ?? ''
          if (path.split('/').some((part) => part.startsWith('.'))) throw notFound('There is nothing at this address.')
          // Relative links of a folder's page need the slash; with the dot a name such as `https:elsewhere` is no other site.
          if (path !== '' && !/(^|\/)$|\.\w+$/.test(path)) return h.redirect(`./${path.split('/').at(-1)}/`)
          const file = path === '' || path.endsWith('/') ? `${path}index.html` : path
          return h.file(file, { confine: directory, etagMethod: 'hash' }).header('cache-control', 'no-cache')
        },
      })
    },
  }
}
