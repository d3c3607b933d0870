import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What a load gave: answers, the time it ran, and how long answers took (ms, of every eighth). */
export interface Generated {
  readonly answers: number
  readonly seconds: number
  readonly waits: readonly number[]
}

const lengthHeader = /\r\ncontent-length: *(\d+)/i

/**
 * GETs one address over so many connections, each asking again once it has its answer. Bytes are compared and not parsed as a full
 * client does: the generator shares the processors with what is measured, and its own cost would hide the difference.
 * @throws Error on any answer that is not 200, and when a connection ends
 */
export async function generate(
  url: string,
  headers: Readonly<Record<string, string>>,
  connections: number,
  seconds: number,
): Promise<Generated> {
  const { hostname, port, host, pathname } = new URL(url)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const question = Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname).setNoDelay())
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const waits: number[] = []
  const start = performance.now()
  const until = start + seconds * 1000
  const counts = await Promise.all(sockets.map((socket) => ask(socket, question, until, waits)))
  const took = (performance.now() - start) / 1000
  for (const socket of sockets) socket.destroy()
  return { answers: counts.reduce((sum, count) => sum + count, 0), seconds: took, waits }
}

/** Asks on one connection until the time is over. @returns the number of answers */
function ask(socket: Socket, question: Buffer, until: number, waits: number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = 0
    let begun = performance.now()
    let missing = 0
    const answered = () => {
      const now = performance.now()
      if (answers % 8 === 0) waits.push(now - begun)
      answers += 1
      if (now >= until) return resolve(answers)
      begun = now
      socket.write(question)
    }
    socket.on('data', (chunk: Buffer) => {
      if (missing > 0) missing -= chunk.length
      else {
        // The whole head comes in one piece: it is sent in one, over loopback.
        const text = chunk.toString('latin1')
        const head = text.indexOf('\r\n\r\n') + 4
        const length = lengthHeader.exec(text)?.[1]
        if (!text.startsWith('HTTP/1.1 200 ') || head < 4 || length === undefined)
          return void socket.destroy(new Error(`unexpected answer: ${text}`))
        missing = head + Number(length) - chunk.length
      }
      if (missing <= 0) answered()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.write(question)
  })
}
