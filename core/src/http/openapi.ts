import type { JsonSchema } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import type { ServedRoute } from '../plugins/host-types.ts'
import type { CoreRoutes } from '../ports.ts'
import { addRoute, type Access } from './core-route.ts'

/** What the document needs of one route, the core's or a plugin's. */
interface Described {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly permission: string | undefined
  readonly open: boolean
  readonly params?: JsonSchema | undefined
  readonly query?: JsonSchema | undefined
  readonly body?: JsonSchema | undefined
  readonly contentTypes?: readonly string[] | undefined
  readonly responses?: Readonly<Record<number, JsonSchema>> | undefined
}

/** `GET /api/openapi.json`: OpenAPI 3.1 from the schemas that validate; plugins' routes as they serve now. */
export function openApiRoutes(pluginRoutes: () => readonly ServedRoute[]): CoreRoutes {
  return {
    register(server) {
      addRoute(server, {
        method: 'GET',
        path: '/api/openapi.json',
        summary: 'This document.',
        access: 'signed-in',
        handler: () => openApiDocument([...coreRoutes(server), ...pluginRoutes().map(ofPlugin)]),
      })
    },
  }
}

function openApiDocument(routes: readonly Described[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)[*?]\d*\}/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'DCESOP', version: '1' },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'dcesop' },
        machine: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } },
      },
      schemas: { Problem: problemSchema },
    },
    paths,
  }
}

function operation(route: Described): object {
  const { params, query, body, contentTypes = ['application/json'], permission } = route
  const content = Object.fromEntries(contentTypes.map((type) => [type, body ? { schema: body } : {}]))
  return {
    summary: route.summary,
    tags: [route.tag],
    ...(permission === undefined ? {} : { 'x-permission': permission }),
    security: route.open ? [] : [{ session: [] }, { machine: permission === undefined ? [] : [permission] }],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body || route.contentTypes ? { requestBody: { required: true, content } } : {}),
    responses: {
      ...answersOf(route.responses),
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function parametersOf(schema: JsonSchema | undefined, place: 'path' | 'query'): object[] {
  const properties = (schema?.['properties'] ?? {}) as Record<string, object>
  const required = (schema?.['required'] ?? []) as string[]
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: type,
  }))
}

function answersOf(responses: Readonly<Record<number, JsonSchema>> | undefined): object {
  const entries = Object.entries(responses ?? {})
  if (entries.length === 0) return { 200: { description: 'Success' } }
  return Object.fromEntries(
    entries.map(([status, schema]) => [
      status,
      // A null answer is one without a body.
      { description: status, ...(schema['type'] === 'null' ? {} : { content: { 'application/json': { schema } } }) },
    ]),
  )
}

function coreRoutes(server: Server): Described[] {
  return server.table().flatMap((route) => {
    const definition = route.settings.plugins?.dcesop?.definition
    if (!definition || definition.undocumented) return []
    const { method, path, summary, access, params, query, body, contentTypes, responses } = definition
    return [
      {
        method,
        path,
        summary,
        tag: 'core',
        permission: permissionOf(access),
        open: access === 'public',
        params,
        query,
        body,
        contentTypes,
        responses,
      },
    ]
  })
}

function permissionOf(access: Access): string | undefined {
  return typeof access === 'object' ? access.permission : undefined
}

function ofPlugin(route: ServedRoute): Described {
  const { method, path, summary, plugin, permission, params, query, body, contentTypes, responses } = route
  return { method, path, summary, tag: plugin, permission, open: false, params, query, body, contentTypes, responses }
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    traceId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
  },
}
