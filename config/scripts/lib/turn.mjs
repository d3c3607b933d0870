import { createHash } from 'node:crypto'
import { createConnection, createServer } from 'node:net'

/**
 * Does the work while no other process of the machine does any under the same name. The name is one of the kernel's own space of
 * sockets, so that whoever is killed at work leaves nothing behind. Elsewhere than on Linux nobody waits.
 */
export async function inTurn(name, work) {
  if (process.platform !== 'linux') return work()
  const address = `\0dcesop-turn-${createHash('sha256').update(name).digest('hex')}`
  let end = await takeTurn(address)
  for (; !end; end = await takeTurn(address)) await othersEnd(address)
  try {
    return await work()
  } finally {
    end()
  }
}

/** Resolves with what ends the turn; undefined while somebody else has it. */
function takeTurn(address) {
  const waiting = new Set()
  const server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => waiting.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.on('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(address, () =>
      resolve(() => {
        server.close()
        for (const socket of waiting) socket.destroy()
      }),
    )
  })
}

/** A connection to whoever has the turn breaks when they end it, or end. One that is not made says that they just did. */
function othersEnd(address) {
  return new Promise((resolve) => {
    createConnection(address)
      .on('error', () => undefined)
      .on('close', resolve)
      .resume()
  })
}
