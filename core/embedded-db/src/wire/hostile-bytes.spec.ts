import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { serialize } from 'bson'
import type { Document } from 'bson'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'
import { crc32c } from './crc32c.ts'

function message(payload: Buffer, opCode = 2013, length = payload.length + 16): Buffer {
  const header = Buffer.alloc(16)
  header.writeInt32LE(length, 0)
  header.writeInt32LE(77, 4)
  header.writeInt32LE(opCode, 12)
  return Buffer.concat([header, payload])
}

function opMsg(body: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32LE(flags, 0)
  return message(Buffer.concat([head, body]))
}

const command = (body: Document): Buffer => opMsg(Buffer.from(serialize({ ...body, $db: 'test' })))

function nested(depth: number): Buffer {
  let inner = Buffer.from([5, 0, 0, 0, 0])
  for (let i = 0; i < depth; i++) {
    const outer = Buffer.alloc(inner.length + 8)
    outer.writeInt32LE(outer.length, 0)
    outer[4] = 3
    outer.write('a\0', 5, 'latin1')
    inner.copy(outer, 7)
    inner = outer
  }
  return inner
}

jest.setTimeout(60_000)

describe('hostile bytes on the socket', () => {
  let database: TestDatabase
  let port: number

  beforeAll(async () => {
    database = await startTestDatabase()
    port = Number(/:(\d+)\//.exec(database.uri)?.[1])
  })
  afterAll(() => database.stop())

  /** Sends bytes and says how the server took them: an answer, a closed connection, or waiting for more. */
  function send(bytes: Buffer): Promise<'answered' | 'closed' | 'waiting'> {
    return new Promise((resolve) => {
      const socket: Socket = connect(port, '127.0.0.1')
      let answered = false
      const finish = (outcome: 'answered' | 'closed' | 'waiting'): void => {
        socket.destroy()
        resolve(outcome)
      }
      socket.on('data', () => {
        answered = true
        finish('answered')
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(answered ? 'answered' : 'closed'))
      socket.write(bytes, () => setTimeout(() => finish('waiting'), 150))
    })
  }

  async function serverWorks(): Promise<void> {
    expect(await database.client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
  }

  it.each([
    ['a message shorter than its header', message(Buffer.alloc(0), 2013, 4), 'closed'],
    ['a message of 2 GB', message(Buffer.alloc(0), 2013, 0x7fffffff), 'closed'],
    ['a negative length', message(Buffer.alloc(0), 2013, -5), 'closed'],
    ['an opcode that does not exist', message(Buffer.alloc(20), 4242), 'closed'],
    ['a compressed message that was not negotiated', message(Buffer.alloc(20), 2012), 'closed'],
    ['an unknown required flag', opMsg(Buffer.from(serialize({ ping: 1, $db: 'test' })), 1 << 5), 'closed'],
    [
      'a wrong checksum',
      opMsg(Buffer.concat([Buffer.from(serialize({ ping: 1, $db: 'test' })), Buffer.alloc(4)]), 1),
      'closed',
    ],
    ['a document that ends outside the message', opMsg(Buffer.from([99, 0, 0, 0, 0])), 'answered'],
    ['nesting of 1,000 levels', opMsg(nested(1000)), 'answered'],
    ['an unknown element type', opMsg(Buffer.from([8, 0, 0, 0, 0x77, 0x61, 0, 0])), 'answered'],
    ['a string without its end', opMsg(Buffer.from([14, 0, 0, 0, 2, 0x61, 0, 90, 0, 0, 0, 0x62, 0, 0])), 'answered'],
    ['no body section', message(Buffer.from([0, 0, 0, 0, 1, 8, 0, 0, 0, 0x64, 0x6f, 0])), 'closed'],
    ['an old insert opcode', message(Buffer.alloc(40), 2002), 'closed'],
    ['a command without database', opMsg(Buffer.from(serialize({ ping: 1 }))), 'answered'],
    ['a command that does not exist', command({ noSuchCommand: 1 }), 'answered'],
    ['half a message', command({ ping: 1 }).subarray(0, 30), 'waiting'],
  ])('takes %s', async (_name, bytes, outcome) => {
    expect(await send(bytes)).toBe(outcome)
    await serverWorks()
  })

  it('answers a message with a right checksum', async () => {
    const body = Buffer.from(serialize({ ping: 1, $db: 'test' }))
    const whole = opMsg(Buffer.concat([body, Buffer.alloc(4)]), 1)
    whole.writeUInt32LE(crc32c(whole.subarray(0, -4)), whole.length - 4)
    expect(await send(whole)).toBe('answered')
  })

  it('stores text that is not UTF-8 as it came and goes on', async () => {
    const insert = command({ insert: 'bad', documents: [{ _id: 1, s: 'zz' }] })
    insert.fill(0xff, insert.indexOf('zz'), insert.indexOf('zz') + 2)
    expect(await send(insert)).toBe('answered')
    const [stored] = await database.client.db('test').collection('bad').find({}, { raw: true }).toArray()
    expect((stored as unknown as Buffer).includes(Buffer.from([0xff, 0xff, 0]))).toBe(true)
    await serverWorks()
  })

  it('closes a connection that feeds a message a byte now and then', async () => {
    const socket = connect(port, '127.0.0.1')
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.write(command({ ping: 1 }).subarray(0, 30))
    // More than the allowed minute passes between any two looks at the clock.
    let time = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (time += 61_000))
    const drip = setInterval(() => socket.write(Buffer.of(0)), 20)
    await closed
    clearInterval(drip)
    clock.mockRestore()
    await serverWorks()
  })
})
