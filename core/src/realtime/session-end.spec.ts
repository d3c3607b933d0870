import { io, type Socket } from 'socket.io-client'
import { tokens } from '../composition/tokens.ts'
import { signedIn, startTestHost, type TestClient, type TestHost } from '../composition/testing/test-host.ts'

let host: TestHost
const sockets: Socket[] = []
beforeAll(async () => {
  host = await startTestHost()
  host.container.get(tokens.realtime).declare('test.usage', { permission: 'diagnostics:usage', replay: 0 })
})
afterAll(async () => {
  for (const socket of sockets) socket.disconnect()
  await host.stop()
})

async function connect(client: TestClient): Promise<{ socket: Socket; ended: Promise<unknown> }> {
  const cookie = `dcesop=${client.cookies.get('dcesop')}`
  const socket = io(host.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie },
  })
  sockets.push(socket)
  const ended = new Promise((resolve) => socket.on('session-ended', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
  })
  return { socket, ended }
}

describe('sockets of a session', () => {
  it('end with its sign-out', async () => {
    const client = await signedIn(host, 'agent.br')
    const { ended } = await connect(client)
    await client.send('POST', '/api/auth/logout')
    expect(await ended).toEqual({ reason: 'signed_out' })
  })

  it('end with its idle time, which their own traffic does not stop', async () => {
    const client = await signedIn(host, 'agent2.br')
    const { socket, ended } = await connect(client)
    host.clock.advance(899)
    expect(await socket.emitWithAck('subscribe', { topic: 'test.usage', region: 'br', key: 'c' })).toMatchObject({
      ok: true,
    })
    expect((await client.send('GET', '/api/auth/session')).body).toMatchObject({ idleSecondsLeft: 1 })
    host.clock.advance(1)
    expect(await ended).toEqual({ reason: 'idle' })
  })

  it('live through a step-up, and end when the account is disabled', async () => {
    const client = await signedIn(host, 'agent3.br')
    const { socket, ended } = await connect(client)
    const step = { operation: 'x', parameters: {}, password: 'demo agent3.br only' }
    expect((await client.send('POST', '/api/auth/step-up', step)).status).toBe(200)
    await host.container.get(tokens.realtime).recheck()
    expect(socket.connected).toBe(true)
    const accounts = host.container.get(tokens.accounts)
    await accounts.change((await accounts.byUsername('agent3.br'))?._id as string, { disabled: true })
    expect(await ended).toEqual({ reason: 'account_changed' })
  })
})
