import { deserialize, serialize } from 'bson'
import { turnsDuring } from '../testing/turns.ts'
import { HEADER_SIZE, OP_MSG, parseInTurns, parseMessage } from './message.ts'

/** An insert as drivers send it: a body, and the documents as a sequence. */
function insertOf(count: number): Buffer {
  const documents = Array.from({ length: count }, (_, i) => serialize({ i }))
  const name = Buffer.from('documents\0')
  const head = Buffer.alloc(HEADER_SIZE + 5)
  head.writeInt32LE(OP_MSG, 12)
  const start = Buffer.from([1, 0, 0, 0, 0])
  start.writeInt32LE(4 + name.length + documents.reduce((sum, { length }) => sum + length, 0), 1)
  const message = Buffer.concat([head, serialize({ insert: 'c', $db: 'test' }), start, name, ...documents])
  message.writeInt32LE(message.length, 0)
  return message
}

function insertInBody(documents: readonly object[]): Buffer {
  const body = serialize({ insert: 'c', documents, ordered: true, $db: 'test' })
  const head = Buffer.alloc(HEADER_SIZE + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(OP_MSG, 12)
  return Buffer.concat([head, body])
}

it('lets others have their turn within one large document', async () => {
  const items = Array.from({ length: 100_000 }, (_, i) => ({ i }))
  const message = insertInBody([{ items }])
  const { turns, result: request } = await turnsDuring(() => parseInTurns(message))
  expect(turns).toBeGreaterThanOrEqual(4)
  expect(request.sequences.get('documents')?.map((bytes) => deserialize(bytes))).toEqual([{ items }])
})

it('lets others have their turn while a large command is read', async () => {
  const body = serialize({
    find: 'c',
    filter: { i: { $in: Array.from({ length: 100_000 }, (_, i) => i) } },
    $db: 'test',
  })
  const head = Buffer.alloc(HEADER_SIZE + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(OP_MSG, 12)
  const message = Buffer.concat([head, body])
  const { turns, result: request } = await turnsDuring(() => parseInTurns(message))
  expect(turns).toBeGreaterThanOrEqual(15)
  expect(serialize(request.body)).toEqual(body)
})

it('finds what is wrong deep in a large document', async () => {
  const message = insertInBody([{ items: Array.from({ length: 100_000 }, (_, i) => ({ i })) }])
  message[message.lastIndexOf('i\0') + 6] = 1
  await expect(parseInTurns(message)).rejects.toMatchObject({ code: 22 })
})

it('reads the documents of an insert from its body as from a sequence', () => {
  const documents = [{ _id: 1 }, { _id: 2 }]
  const request = parseMessage(insertInBody(documents))
  expect(request.body).toMatchObject({ insert: 'c', ordered: true, $db: 'test' })
  expect(request.sequences.get('documents')?.map((bytes) => deserialize(bytes))).toEqual(documents)
})

it('lets others have their turn between the documents of a long message', async () => {
  const message = insertOf(5000)
  const { turns, result: request } = await turnsDuring(() => parseInTurns(message))
  expect(turns).toBeGreaterThanOrEqual(4)
  expect(request).toEqual(parseMessage(message))
  expect(request.sequences.get('documents')).toHaveLength(5000)
})
