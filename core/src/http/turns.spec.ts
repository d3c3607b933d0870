import { Problem } from '@dcesop/sdk-plugin'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createLog } from '../observability/log.ts'
import { splitListener } from './raw-door.ts'
import { Turns } from './turns.ts'

/** A loop whose turns the spec ends, in which each request takes a slice. */
function loopWith(isTooMuch: (waiting: number) => boolean = () => false) {
  const clock = { now: 0 }
  const next: (() => void)[] = []
  const said: string[] = []
  const problem = new Problem(503, 'unavailable', 'Too much.')
  const refusal = (_request: IncomingMessage, waiting: number) => (isTooMuch(waiting) ? problem : undefined)
  const loop = { now: () => clock.now, next: (work: () => void) => void next.push(work) }
  const turns = new Turns(refusal, loop)
  const ask = (...urls: string[]) => {
    for (const url of urls)
      turns.begin({ url } as IncomingMessage, (refused) => {
        said.push(refused ? `no ${url}` : url)
        clock.now += 5
      })
  }
  return { turns, ask, said, endTurn: () => next.splice(0).forEach((work) => work()) }
}

describe('requests of one turn of the event loop', () => {
  it('begin at once for a slice, the others in their order in the next turns', () => {
    const { ask, said, endTurn } = loopWith()
    ask('a', 'b', 'c')
    expect(said).toEqual(['a'])
    endTurn()
    ask('d')
    expect(said).toEqual(['a', 'b'])
    for (let n = 0; n < 3; n += 1) endTurn()
    expect(said).toEqual(['a', 'b', 'c', 'd'])
    endTurn()
    ask('e')
    expect(said.at(-1)).toBe('e')
  })

  it('begin before all others when an operator asks', () => {
    const { ask, said, endTurn } = loopWith()
    ask('a', 'b', '/healthz', '/readyz')
    endTurn()
    expect(said).toEqual(['a', '/healthz', '/readyz', 'b'])
  })

  it('begin with the last in a flood, and refuse the first', () => {
    const { ask, said, endTurn } = loopWith((waiting) => waiting === 0)
    ask('a', 'b', 'c', 'd')
    endTurn()
    expect(said).toEqual(['no a', 'no b', 'd'])
  })

  it('begin one by one in each fourth turn while a crowd connects, so that it gets in', () => {
    const { turns, ask, said, endTurn } = loopWith()
    turns.connected()
    ask('a', 'b', '/healthz')
    const turn = () => {
      turns.connected()
      endTurn()
      return said.splice(0)
    }
    expect([1, 2, 3, 4, 5].map(turn)).toEqual([['/healthz'], [], [], ['a'], []])
    endTurn()
    expect(said).toEqual(['b'])
  })
})

it('forgets a request whose client left while it waited', async () => {
  const served: (string | undefined)[] = []
  const later: (() => void)[] = []
  // Each look at the clock is a slice later.
  let now = 0
  const turns = new Turns(undefined, { now: () => (now += 5), next: (work) => void later.push(work) })
  const listener = createServer()
  splitListener(listener, undefined, createLog('silent'), undefined, turns).on('request', ({ url }, response) => {
    served.push(url)
    response.end()
  })
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const { port } = listener.address() as AddressInfo
  const asked = async (path: string) => {
    const socket = connect(port, '127.0.0.1')
    const arrived = once(listener, 'request')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
    const [, response] = (await arrived) as [IncomingMessage, NodeJS.EventEmitter]
    return { socket, left: once(response, 'close') }
  }
  const [gone, stays] = [await asked('/gone'), await asked('/stays')]
  gone.socket.destroy()
  await gone.left
  for (let n = 0; n < 4; n += 1) later.splice(0).forEach((work) => work())
  expect(served).toEqual(['/stays'])
  stays.socket.destroy()
  listener.close()
})
