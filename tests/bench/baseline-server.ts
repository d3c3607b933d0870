// The yardstick in a process of its own: `baseline-server.ts node|hapi` prints its port.
import { createServer } from 'node:http'
import Hapi from '@hapi/hapi'

const answer = { id: 'r1', version: '1.0.0', name: 'Example', amount: 42 }

if (process.argv[2] === 'hapi') {
  const server = Hapi.server({ host: '127.0.0.1', port: 0 })
  server.route({ method: 'GET', path: '/records/{id}', handler: () => answer })
  await server.start()
  console.log(server.info.port)
} else {
  const server = createServer((_request, response) => {
    const body = JSON.stringify(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    console.log(typeof address === 'object' && address ? address.port : 0)
  })
}
