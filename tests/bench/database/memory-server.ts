// The yardstick for the wire: answers the bench's commands with canned replies of the same size; prints its port.
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { BSON } from 'mongodb'
import type { Document } from 'mongodb'
import { customer, REGIONS } from './documents.ts'

const HEADER = 16
const documents = Number(process.argv[2] ?? 100_000)
const one = customer(4711)
const clusterTime = new BSON.Timestamp({ t: 1, i: 1 })
const times = {
  ok: 1,
  $clusterTime: { clusterTime, signature: { hash: new BSON.Binary(Buffer.alloc(20)), keyId: BSON.Long.ZERO } },
  operationTime: clusterTime,
}

function message(reply: Document): Buffer {
  const body = BSON.serialize({ ...reply, ...times })
  const bytes = Buffer.alloc(HEADER + 5 + body.length)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(2013, 12)
  bytes.set(body, HEADER + 5)
  return bytes
}

function cursor(batch: 'firstBatch' | 'nextBatch', rows: Document[], id = 0): Buffer {
  return message({ cursor: { [batch]: rows, id: BSON.Long.fromNumber(id), ns: 'bench.customers' } })
}

const repeated = (count: number): Document[] => Array.from({ length: count }, () => one)
const ONE_ROW = cursor('firstBatch', [one])
const TWENTY_ROWS = cursor('firstBatch', repeated(20))
const TEN_ROWS = cursor('firstBatch', repeated(10))
const FIRST_ROWS = cursor('firstBatch', repeated(101), 1)
const NO_ROWS = cursor('firstBatch', [])
const GROUPS = cursor(
  'firstBatch',
  Array.from({ length: REGIONS }, (_, i) => ({ _id: `r${i}`, count: documents / REGIONS, balance: 49.95 })),
)
const COUNTED = cursor('firstBatch', [{ _id: 1, n: documents }])
const OK = message({})
const UPDATED = message({ n: 1, nModified: 1 })
const INSERTED = new Map<number, Buffer>()
/** Batches of 16 MiB, as cursors give them. */
const ROWS_IN_BATCH = Math.floor((16 * 1024 * 1024) / (BSON.calculateObjectSize(one) + 12))
const batches: Buffer[] = []
for (let left = documents - 101; left > 0; left -= ROWS_IN_BATCH)
  batches.push(
    cursor('nextBatch', repeated(Math.min(left, ROWS_IN_BATCH)), left > ROWS_IN_BATCH ? batches.length + 2 : 0),
  )

function answerFind(body: Document): Buffer {
  if (body.limit === 1) return ONE_ROW
  if (body.limit === 10) return TEN_ROWS
  if (body.limit === 20) return TWENTY_ROWS
  return (body.filter as Document | undefined)?.notes === undefined ? FIRST_ROWS : NO_ROWS
}

function answer(bytes: Buffer, start: number): Buffer {
  const size = bytes.readInt32LE(start + HEADER + 5)
  const body = BSON.deserialize(bytes.subarray(start + HEADER + 5, start + HEADER + 5 + size))
  switch (Object.keys(body)[0]) {
    case 'insert':
      return inserted(sequenceLength(bytes, start, HEADER + 5 + size) || (body.documents as unknown[]).length)
    case 'update':
      return UPDATED
    case 'find':
      return answerFind(body)
    case 'getMore':
      return batches[Number(body.getMore) - 1] ?? OK
    case 'aggregate':
      return JSON.stringify(body.pipeline).includes('"n"') ? COUNTED : GROUPS
    case 'hello':
    case 'isMaster':
    case 'ismaster':
      return message(hello)
    default:
      return OK
  }
}

function inserted(n: number): Buffer {
  const reply = INSERTED.get(n) ?? message({ n })
  INSERTED.set(n, reply)
  return reply
}

/** How many documents the sequence after the body holds. */
function sequenceLength(bytes: Buffer, start: number, offset: number): number {
  let position = start + offset
  if (position >= start + bytes.readInt32LE(start)) return 0
  const end = position + 1 + bytes.readInt32LE(position + 1)
  position = bytes.indexOf(0, position + 5) + 1
  let count = 0
  for (; position < end; position += bytes.readInt32LE(position)) count++
  return count
}

const hello: Document = {}

function serve(socket: Socket): void {
  let held: Buffer = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let start = 0
    while (held.length - start >= HEADER && held.length - start >= held.readInt32LE(start)) {
      const reply = held.readInt32LE(start + 12) === 2013 ? answer(held, start) : legacyHello()
      reply.writeInt32LE(held.readInt32LE(start + 4), 8)
      // A canned reply may still wait to be sent when the next request comes.
      socket.write(Buffer.from(reply))
      start += held.readInt32LE(start)
    }
    held = held.subarray(start)
  })
}

function legacyHello(): Buffer {
  const body = BSON.serialize({ ...hello, ...times })
  const bytes = Buffer.alloc(HEADER + 20 + body.length)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(1, 12)
  bytes.writeInt32LE(8, HEADER)
  bytes.writeInt32LE(1, HEADER + 16)
  bytes.set(body, HEADER + 20)
  return bytes
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const host = `127.0.0.1:${port}`
  Object.assign(hello, {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    hosts: [host],
    setName: 'rs0',
    setVersion: 1,
    primary: host,
    me: host,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 25,
  })
  console.log(port)
})
