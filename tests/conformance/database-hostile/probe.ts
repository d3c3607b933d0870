import { connect } from 'node:net'
import { BSON } from 'mongodb'
import { ping, PING_ID } from './messages.ts'

const MAX_MESSAGE = 48_000_000
const PATIENCE_MS = 30_000

/** What became of one case. `answered`: the ping behind it was answered; `waiting`: the server rightly waits for the rest. */
export type Taken = 'answered' | 'closed' | 'waiting' | 'silent'

/** Where the lengths in the bytes lead the server: to the ping at the end, past it, or to waiting for more. */
function course(bytes: Buffer): 'ping' | 'past' | 'waiting' {
  const last = bytes.length - ping.length
  let at = 0
  while (bytes.length - at >= 16) {
    if (at === last) return 'ping'
    const length = bytes.readInt32LE(at)
    if (length < 16 || length > MAX_MESSAGE) return 'past'
    at += length
  }
  return at === bytes.length ? 'past' : 'waiting'
}

/** Sends a case and a ping behind it on a connection of their own. @throws Error for a reply that is not of the protocol */
export function probe(port: number, bytes: Buffer): Promise<Taken> {
  const all = Buffer.concat([bytes, ping])
  const leads = course(all)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = Buffer.alloc(0)
    const end = (taken: Taken): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(taken)
    }
    const timer = setTimeout(() => end('silent'), PATIENCE_MS)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      try {
        for (let reply = next(received); reply; reply = next(received)) {
          received = received.subarray(reply.length)
          if (reply.responseTo === PING_ID || leads === 'past') end('answered')
        }
      } catch (error) {
        clearTimeout(timer)
        socket.destroy()
        reject(error as Error)
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => end('closed'))
    socket.write(all, () => {
      if (leads === 'waiting') setTimeout(() => end('waiting'), 10)
    })
  })
}

/** The first whole reply in the bytes. */
function next(bytes: Buffer): { length: number; responseTo: number } | undefined {
  if (bytes.length < 16 || bytes.length < bytes.readInt32LE(0)) return undefined
  const length = bytes.readInt32LE(0)
  const opCode = bytes.readInt32LE(12)
  if (opCode !== 2013 && opCode !== 1) throw new Error(`a reply with opcode ${opCode}`)
  const document = BSON.deserialize(bytes.subarray(opCode === 1 ? 36 : 21, length), {
    // A document stored with such bytes is given back with them.
    validation: { utf8: false },
  })
  if (document.ok !== 1 && typeof document.code !== 'number')
    throw new Error(`a reply without code: ${JSON.stringify(document)}`)
  return { length, responseTo: bytes.readInt32LE(8) }
}
