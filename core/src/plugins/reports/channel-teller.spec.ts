import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DesiredState } from '../journal/desired.ts'
import { RegistryHttp } from '../registry/http.ts'
import { recordingLog } from '../testing/test-doubles.ts'
import { ChannelTeller } from './channel-teller.ts'

const since = new Date()
const state = (plugin: string, more: Partial<DesiredState> = {}): DesiredState => ({
  ...{ plugin, version: '1.0.0', digest: 'd', configRevision: 'c' },
  ...{ enabled: true, since, ...more },
})

/** A registry that takes what comes, answers with `status`, or is away. */
let server: Server
let status = 200
let away = false
let said: unknown[] = []
let ahead = 0
let states: DesiredState[] = []
let http: RegistryHttp
beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (away) return request.socket.destroy()
    said.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  http = new RegistryHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterAll(() => server.close())

const teller = () =>
  new ChannelTeller({
    desired: { all: () => Promise.resolve(states) },
    ofInstance: 'stable',
    http,
    token: `dcesop_${'x'.repeat(43)}`,
    clock: { now: () => new Date(Date.now() + ahead) },
    log: recordingLog(),
  })

beforeEach(() => {
  status = 200
  ;[away, said, ahead, states] = [false, [], 0, []]
})

it('tells of installations that follow another channel than what is taken for granted', async () => {
  states = [
    state('as-all'),
    state('trialled', { channel: 'next' }),
    // Of its own: a region that leaves the rest follows the instance, unless it says otherwise.
    state('both', {
      channel: 'next',
      regions: { br: { enabled: true, since }, mx: { enabled: true, since, channel: 'next' } },
    }),
    state('one', { regions: { mx: { enabled: true, since, channel: 'beta' } } }),
  ]
  await teller().run()
  expect(said).toEqual([
    {
      channel: 'stable',
      installations: [
        { plugin: 'trialled', channel: 'next' },
        { plugin: 'both', channel: 'next' },
        { plugin: 'both', region: 'br', channel: 'stable' },
        { plugin: 'one', region: 'mx', channel: 'beta' },
      ],
    },
  ])
})

it('says it once for each change, again when it was not heard, and after an hour', async () => {
  const one = teller()
  away = true
  await one.run()
  away = false
  await one.run()
  await one.run()
  expect(said).toHaveLength(1)
  states = [state('trialled', { channel: 'next' })]
  status = 400
  await one.run()
  await one.run()
  expect(said).toHaveLength(2)
  ahead = 3_600_000
  await one.run()
  expect(said).toHaveLength(3)
})
