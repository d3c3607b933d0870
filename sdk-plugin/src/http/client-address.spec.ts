import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientAddress, isNetwork, trustProxies } from './client-address.ts'

async function addressSeen(networks: readonly string[], forwarded?: string): Promise<string> {
  const server: Server = createServer((incoming, response) => void response.end(clientAddress(incoming)))
  trustProxies(server, networks)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise((resolve, reject) => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
      const asked = request({ port, host: '127.0.0.1', agent: false, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => resolve(text))
      })
      asked.on('error', reject).end()
    })
  } finally {
    server.close()
  }
}

describe('the address of who asks', () => {
  it.each([
    ['is that of the connection', [], undefined, '127.0.0.1'],
    ['is not what anybody says', [], '203.0.113.7', '127.0.0.1'],
    ['is not what an unknown proxy says', ['10.0.0.0/8'], '203.0.113.7', '127.0.0.1'],
    ['is what a trusted proxy says', ['loopback'], '203.0.113.7', '203.0.113.7'],
    ['is behind all trusted proxies', ['127.0.0.1', '10.0.0.0/8'], '203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['is not what a client put in front of itself', ['loopback'], '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['is the proxy itself where it says nothing', ['loopback'], undefined, '127.0.0.1'],
  ] as const)('%s', async (_what, networks, forwarded, address) => {
    expect(await addressSeen(networks, forwarded)).toBe(address)
  })

  it('is told by addresses and networks only', () => {
    expect(['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8', 'loopback'].filter((text) => !isNetwork(text))).toEqual([])
    expect(['', 'proxy.example', '10.0.0.0/40', '*', '300.1.1.1'].filter(isNetwork)).toEqual([])
  })
})
