import { join } from 'node:path'
import { Catalogue, type CatalogueEntry } from '../store/catalogue.ts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness } from '../testing/harness.ts'
import { dataForEach } from '../testing/host-for-each.ts'
import { putDesired } from '../testing/put-desired.ts'

const hosts: Harness[] = []
const given = dataForEach(async () => {
  for (const host of hosts.splice(0)) await host.stop()
})

async function boot(folder: string): Promise<Harness> {
  const host = await Harness.start(given.data, { dataDir: join(given.dataDir, folder), firstInstall: [] })
  hosts.push(host)
  return host
}

it('an installation whose host ended when it was written down, and nothing more, is made by the others', async () => {
  const [one, two] = [await boot('one'), await boot('two')]
  const start = `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`
  await one.upload(await packFixture({ routes: [route('GET', '/version')], start }))
  const { digest, manifest } = (await new Catalogue(given.data.core).find('demo', '1.0.0')) as CatalogueEntry
  const key = { plugin: 'demo', version: manifest.version, digest, configRevision: '' }
  await putDesired(given.data.core, { ...key, enabled: true, since: new Date() })
  for (const host of [one, two])
    await host.until(async () => (await host.call('GET', '/api/plugins/demo/version')).json['version'] === '1.0.0')
  await one.until(async () => (await one.view('demo'))['state'] === 'ACTIVE')
})
