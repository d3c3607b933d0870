import { once } from 'node:events'
import { frame, hubForAll, topic } from './testing/test-hub.ts'

const { hub, activities, sockets, person, open, publish, connections, upgrade, lookUpAfter } = hubForAll()

describe('how many sockets there may be', () => {
  it('is bounded for each person, however fast they come, and a closed one makes room', async () => {
    person('tabs')
    const asked = await Promise.allSettled(Array.from({ length: 55 }, () => open('tabs')))
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refused).toEqual(Array.from({ length: 5 }, () => 'Error: too_many_requests'))
    person('neighbour')
    expect((await open('neighbour')).socket.connected).toBe(true)
    for (const socket of sockets.splice(0)) socket.disconnect()
    for (let is = false; !is;)
      is = await open('tabs').then(
        ({ socket }) => socket.connected,
        () => false,
      )
  })

  it('does not count those who left before it was known who they are', async () => {
    person('hasty')
    const { promise, resolve } = Promise.withResolvers<void>()
    lookUpAfter(promise)
    const before = activities.length
    const raw = Array.from({ length: 55 }, () => upgrade('hasty'))
    for (const socket of raw) {
      await once(socket, 'data')
      socket.write(frame('40'))
    }
    while (activities.length < before + raw.length) await new Promise((go) => setTimeout(go, 5))
    for (const socket of raw) socket.destroy()
    while ((await connections()) > 0) await new Promise((go) => setTimeout(go, 5))
    lookUpAfter()
    resolve()
    expect((await open('hasty')).socket.connected).toBe(true)
  })

  it('is bounded for each address, with a session or without', async () => {
    const raw = Array.from({ length: 70 }, () => upgrade('nobody'))
    const answers = await Promise.all(
      raw.map(async (socket) => String(await once(socket, 'data').then(([data]) => data as Buffer))),
    )
    const count = (status: string) => answers.filter((answer) => answer.startsWith(`HTTP/1.1 ${status}`)).length
    expect(count('429')).toBeGreaterThanOrEqual(10)
    expect(count('101') + count('429')).toBe(70)
    for (const socket of raw) socket.destroy()
    // Their places are free again once the server has noticed.
    for (let is = false; !is;) {
      const socket = upgrade('nobody')
      is = String((await once(socket, 'data'))[0]).startsWith('HTTP/1.1 101')
      socket.destroy()
    }
  })
})

it('does not keep more and more for who never reads', async () => {
  person('deaf')
  const socket = upgrade('deaf')
  let heard = ''
  socket.on('data', (data: Buffer) => (heard += data))
  const says = async (text: string) => {
    while (!heard.includes(text)) await once(socket, 'data')
  }
  await says('"sid"')
  socket.write(frame('40'))
  await says('40{')
  socket.write(frame(`420["subscribe",${JSON.stringify({ topic, region: 'br', key: 'flood' })}]`))
  while (hub.subscribers(topic, 'br', 'flood') === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.pause()
  for (let n = 0; n < 400; n += 1) publish('flood', 'x'.repeat(100_000))
  await hub.recheck()
  expect(hub.subscribers(topic, 'br', 'flood')).toBe(0)
  socket.destroy()
})

it.each([
  ['pings', frame('x'.repeat(125), 9)],
  ['pongs that nobody asked for', frame('', 10)],
  ['wrong namespaces', frame('40/none,')],
])('ends a connection that floods with %s, also of somebody unknown', async (_what, one) => {
  const socket = upgrade('nobody')
  await once(socket, 'data')
  const closed = new Promise((resolve) => socket.on('close', resolve).on('error', resolve))
  socket.write(Buffer.concat(Array.from({ length: 500 }, () => one)))
  socket.resume()
  await closed
})
