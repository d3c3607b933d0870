import { Binary, BSON, BSONRegExp, Decimal128, type Document, Long, MaxKey, MinKey, Timestamp } from 'mongodb'

const { serialize } = BSON

export const OP_MSG = 2013
export const CHECKSUM = 1
export const MORE_TO_COME = 2

/** A message of any opcode, with the length that it has or another. */
export function message(payload: Uint8Array, opCode = OP_MSG, requestId = 7, length = payload.length + 16): Buffer {
  const bytes = Buffer.alloc(16 + payload.length)
  bytes.writeInt32LE(length | 0, 0)
  bytes.writeInt32LE(requestId, 4)
  bytes.writeInt32LE(opCode | 0, 12)
  bytes.set(payload, 16)
  return bytes
}

export function opMsg(sections: readonly Uint8Array[], flags = 0, requestId = 7): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(flags >>> 0)
  return message(Buffer.concat([head, ...sections]), OP_MSG, requestId)
}

export const body = (document: Document): Buffer => Buffer.concat([Buffer.of(0), serialize(document)])

/** A document sequence, with the size that it has or another. */
export function sequence(name: string, documents: readonly Document[], wrongBy = 0): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((document) => serialize(document))])
  const head = Buffer.alloc(5)
  head[0] = 1
  head.writeInt32LE(content.length + 4 + wrongBy, 1)
  return Buffer.concat([head, content])
}

export const command = (document: Document, flags = 0, requestId = 7): Buffer =>
  opMsg([body({ ...document, $db: 'hostile' })], flags, requestId)

/** The first hello of an old driver. */
export function opQuery(document: Document, collection = 'admin.$cmd'): Buffer {
  const head = Buffer.concat([Buffer.alloc(4), Buffer.from(`${collection}\0`), Buffer.from([0, 0, 0, 0, 1, 0, 0, 0])])
  return message(Buffer.concat([head, serialize(document)]), 2004)
}

/** `depth` documents or arrays, one in the other, made without recursion. */
export function nested(depth: number, type: 3 | 4, name = 'a'): Buffer {
  const head = 5 + Buffer.byteLength(type === 4 ? '0' : name) + 1
  const bytes = Buffer.alloc(depth * (head + 1) + 5)
  for (let level = 0; level < depth; level++) {
    bytes.writeInt32LE((depth - level) * (head + 1) + 5, level * head)
    bytes[level * head + 4] = type
    bytes.write(type === 4 ? '0' : name, level * head + 5)
  }
  bytes.writeInt32LE(5, depth * head)
  return bytes
}

/** A `find` whose filter is given as bytes. */
export function findWith(filter: Uint8Array): Buffer {
  const start = serialize({ find: 'c', $db: 'hostile' })
  const field = Buffer.concat([Buffer.of(3), Buffer.from('filter\0'), filter])
  const document = Buffer.concat([start.subarray(0, -1), field, Buffer.of(0)])
  document.writeInt32LE(document.length, 0)
  return opMsg([Buffer.of(0), document])
}

const lsid = { id: new Binary(Buffer.alloc(16, 3), Binary.SUBTYPE_UUID) }

/** Messages that a driver might send, to be damaged. */
export const valid: readonly Buffer[] = [
  command({ ping: 1 }),
  command({ hello: 1, client: { application: { name: 'x' }, driver: { name: 'd', version: '1' }, os: { type: 'l' } } }),
  opQuery({ isMaster: 1, helloOk: true }),
  command({
    find: 'c',
    filter: { a: { $gt: 1, $in: [1, 'b', null] }, b: new BSONRegExp('^a', 'i') },
    sort: { a: 1 },
    limit: 3,
  }),
  command({
    find: 'c',
    filter: { $or: [{ a: 1 }, { $and: [{ b: 2 }, { c: { $elemMatch: { x: 1 } } }] }] },
    projection: { a: 1 },
  }),
  command({ insert: 'c', documents: [{ a: [1, { b: 2 }], d: Decimal128.fromString('1.5'), l: Long.fromNumber(5) }] }),
  opMsg([
    body({ insert: 'c', $db: 'hostile', ordered: false }),
    sequence('documents', [{ a: 1 }, { a: 'x', n: new MinKey() }]),
  ]),
  opMsg([
    sequence('documents', [{ t: new Timestamp({ t: 1, i: 1 }), m: new MaxKey() }]),
    body({ insert: 'c', $db: 'hostile' }),
  ]),
  command({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { 'b.x': 1 }, $inc: { n: 1 } }, upsert: false }] }),
  command({ update: 'c', updates: [{ q: {}, u: [{ $set: { z: { $add: ['$a', 1] } } }], multi: true }] }),
  command({ delete: 'c', deletes: [{ q: { a: 5 }, limit: 1 }] }),
  command({ findAndModify: 'c', query: { a: 1 }, update: { $push: { list: { $each: [1], $slice: -3 } } }, new: true }),
  command({
    aggregate: 'c',
    pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }, { $sort: { n: -1 } }],
    cursor: {},
  }),
  command({
    aggregate: 'c',
    pipeline: [{ $lookup: { from: 'c', localField: 'a', foreignField: 'b', as: 'j' } }, { $limit: 2 }],
    cursor: { batchSize: 1 },
  }),
  command({ createIndexes: 'c', indexes: [{ key: { a: 1, b: -1 }, name: 'a_b' }] }),
  command({ distinct: 'c', key: 'a', query: { b: { $exists: true } } }),
  command({ count: 'c', query: { a: { $not: { $gt: 5 } } } }),
  command({ getMore: Long.fromNumber(12345), collection: 'c', batchSize: 2 }),
  command({ killCursors: 'c', cursors: [Long.fromNumber(1)] }),
  command({ explain: { find: 'c', filter: { a: 1 } }, verbosity: 'queryPlanner' }),
  command({ listCollections: 1, filter: { name: 'c' }, nameOnly: true }),
  command({ collStats: 'c' }),
  opMsg([body({ insert: 'own', documents: [{ v: 1 }], $db: 'hostile', lsid, txnNumber: Long.fromNumber(1) })]),
  opMsg([
    body({ bulkWrite: 1, $db: 'admin', ordered: true }),
    sequence('ops', [
      { insert: 0, document: { a: 1 } },
      { update: 0, filter: { a: 1 }, updateMods: { $set: { b: 1 } } },
    ]),
    sequence('nsInfo', [{ ns: 'hostile.c' }]),
  ]),
]

export const PING_ID = 0x0dd_ba11
export const ping = opMsg([body({ ping: 1, $db: 'admin' })], 0, PING_ID)

/** The getMore that waits on the cursor of a reply. */
export function getMore(reply: Buffer, collection: string, maxTimeMS: number): Buffer {
  const { cursor } = BSON.deserialize(reply.subarray(21), { promoteLongs: false }) as { cursor: { id: Long } }
  return command({ getMore: cursor.id, collection, maxTimeMS })
}
