import { existsSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { dataForEach } from './testing/host-for-each.ts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { type HostProcess, startHostProcess } from './testing/host-process.ts'

let host: HostProcess | undefined
const given = dataForEach(() => host?.kill())

it('a plugin that holds the event loop is given a pause, and the others lose nothing by it', async () => {
  const asked: ServerResponse[] = []
  const far = createServer((_request, response) => void asked.push(response))
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve))
  const at = `http://127.0.0.1:${(far.address() as AddressInfo).port}`
  const begun = join(given.dataDir, 'begun')
  const running = await startHostProcess(given, { dataDir: given.dataDir, firstInstall: [] })
  host = running
  const install = async (tarball: Buffer, id: string) => {
    expect((await running.request('POST', '/api/admin/packages', 'admin', tarball)).status).toBe(201)
    const installed = await running.request('POST', `/api/admin/plugins/${id}/install`, 'admin', { version: '1.0.0' })
    expect(installed.status).toBe(200)
  }
  const stateOf = async (id: string) => (await running.request('GET', `/api/admin/plugins/${id}`, 'admin')).json
  const routes = [route('GET', '/', { timeoutMs: 2_000 })]
  const serving = (body: string) =>
    `context.route({ method: 'GET', path: '/', summary: 'x', handler: async () => { ${body} } })`
  const ask = `return { said: await (await fetch('${at}')).text() }`
  await install(await packFixture({ id: 'asks', routes, start: serving(ask) }), 'asks')
  // By its own processor time, so that it computes as long on a machine that is busy.
  const hold = `require('node:fs').writeFileSync(${JSON.stringify(begun)}, '')
    const used = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000 }
    const end = used() + 3500
    while (used() < end);
    return { held: true }`
  await install(await packFixture({ id: 'holds', routes, start: serving(hold) }), 'holds')

  const waiting = Array.from({ length: 25 }, () => running.request('GET', '/api/plugins/asks'))
  while (asked.length < 25) await new Promise((resolve) => setTimeout(resolve, 10))
  const holding = running.request('GET', '/api/plugins/holds')
  while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 10))
  for (const response of asked) response.end('well')

  expect((await holding).status).toBe(200)
  const answers = await Promise.all(waiting)
  expect(answers.map(({ status, json }) => [status, json['said']])).toEqual(Array(25).fill([200, 'well']))
  expect(await running.request('GET', '/api/plugins/holds')).toMatchObject({
    status: 503,
    json: { code: 'plugin_unavailable' },
  })
  let state = await stateOf('holds')
  while (state['state'] !== 'DEGRADED') state = await stateOf('holds')
  expect(state).toMatchObject({ causes: [{ code: 'loop_held' }] })
  expect(await stateOf('asks')).toMatchObject({ state: 'ACTIVE' })
  far.closeAllConnections()
  far.close()
})
