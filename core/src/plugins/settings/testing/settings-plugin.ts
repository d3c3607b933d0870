import { join } from 'node:path'
import { packFixture, route } from '../../testing/fixture-plugin.ts'
import { Harness } from '../../testing/harness.ts'
import { dataForEach } from '../../testing/host-for-each.ts'

/** Hosts on data of their own in each test, and stopped after it; newest last. */
export function hostsForEach() {
  const hosts: Harness[] = []
  const given = dataForEach(async () => {
    for (const host of hosts.splice(0)) await host.stop()
  })

  /** @param folder of its own, for one host of several */
  async function boot(folder = 'one', own: object = {}): Promise<Harness> {
    const host = await Harness.start(given.data, {
      dataDir: join(given.dataDir, folder),
      firstInstall: [],
      pluginConfig: { demo: { greeting: 'from the host', limit: 1, ...own } },
    })
    hosts.push(host)
    return host
  }
  return { given, hosts, boot }
}

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    greeting: { type: 'string' },
    limit: { type: 'integer', minimum: 1, default: 5 },
    token: { type: 'string' },
    startable: { type: 'boolean', default: true },
  },
}
export const must = { ...schema, required: ['place'], properties: { ...schema.properties, place: { type: 'string' } } }

const source = `
  if (!context.config.startable || context.data.regions.some((region) => !context.configOf(region).startable)) throw new Error('not with this')
  context.route({ method: 'GET', path: '/config/{region}', summary: 'x', handler: ({ params }) => ({ version: context.version, all: context.config, there: context.configOf(params.region) }) })`

export const pack = (
  version = '1.0.0',
  scopes: readonly string[] | null = ['global', 'region'],
  isolation = 'inline',
  files = {},
  own: object = schema,
) => {
  const routes = [route('GET', '/config/{region}')]
  return packFixture({
    version,
    routes,
    start: source,
    files,
    manifest: {
      config: { schema: own, secrets: ['/token'], ...(scopes ? { scopes } : {}) },
      backend: { entry: 'dist/server.cjs', isolation, routes },
    } as never,
  })
}

export const configOf = async (host: Harness, region: string) =>
  (await host.call('GET', `/api/plugins/demo/config/${region}`)).json as Record<'all' | 'there', object>
export const configure = (host: Harness, body: object, as = 'admin') => host.change('configure', 'demo', body, as)
export const check = (host: Harness, body: object, as = 'admin') =>
  host.call('POST', '/api/admin/plugins/demo/config/check', { as, body })
export const shown = (host: Harness, as = 'admin', query = '') =>
  host.call('GET', `/api/admin/plugins/demo/config${query}`, { as })
