import type { Request } from '@hapi/hapi'

const candidates = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Methods that the server answers at the request's path, for `Allow`; empty when the path is unknown or only a fallback matches. */
export function allowedMethods(request: Request): string[] {
  const found = candidates.filter((method) => {
    const route = matchOf(request, method)
    return route !== null && !route.settings.tags?.includes('fallback')
  })
  return found.includes('GET') ? ['GET', 'HEAD', ...found.slice(1)] : found
}

function matchOf(request: Request, method: string) {
  try {
    return request.server.match(method.toLowerCase() as 'get', request.path)
  } catch {
    // hapi asserts on a path it cannot decode: nothing answers there.
    return null
  }
}
