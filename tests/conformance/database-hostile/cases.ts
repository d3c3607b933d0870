import fc from 'fast-check'
import { Binary, BSON, type Document, Long, MinKey, ObjectId } from 'mongodb'
import { body, CHECKSUM, command, findWith, message, MORE_TO_COME, nested, opMsg, sequence, valid } from './messages.ts'

const anyValid = fc.constantFrom(...valid)
const interesting = fc.constantFrom(
  0,
  -1,
  1,
  4,
  5,
  16,
  0x7fffffff,
  -0x80000000,
  48_000_000,
  48_000_001,
  16 * 2 ** 20,
  255,
  65_536,
)

/** A copy whose header tells its length, so that the damage inside is what is met. */
function framed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  if (copy.length >= 4) copy.writeInt32LE(copy.length, 0)
  return copy
}

const bytesChanged = fc
  .tuple(anyValid, fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([bytes, changes, keepsHeader]) => {
    const copy = Buffer.from(bytes)
    const from = keepsHeader ? 16 : 0
    for (const [at, value] of changes) copy[from + (at % (copy.length - from))] = value
    return copy
  })

const lengthsChanged = fc.tuple(anyValid, fc.nat(2000), interesting).map(([bytes, at, value]) => {
  const copy = Buffer.from(bytes)
  copy.writeInt32LE(value, 16 + (at % (copy.length - 20)))
  return copy
})

const typesChanged = fc
  .tuple(anyValid, fc.nat(2000), fc.constantFrom(0, 5, 6, 12, 13, 14, 15, 17, 19, 0x14, 0x77, 0x7f, 0xff))
  .map(([bytes, at, type]) => {
    const copy = Buffer.from(bytes)
    // Where a type byte is likely: before a printable name.
    const start = 21 + (at % (copy.length - 22))
    let position = start
    while (position < copy.length - 1 && !((copy[position] as number) < 20 && (copy[position + 1] as number) > 32))
      position++
    copy[position] = type
    return copy
  })

const cut = fc.tuple(anyValid, fc.nat(2000), fc.boolean()).map(([bytes, at, fixed]) => {
  const short = bytes.subarray(0, 1 + (at % (bytes.length - 1)))
  return fixed ? framed(short) : Buffer.from(short)
})

const spliced = fc
  .tuple(anyValid, anyValid, fc.nat(2000), fc.nat(2000))
  .map(([a, b, i, j]) =>
    framed(Buffer.concat([a.subarray(0, 16 + (i % (a.length - 16))), b.subarray(16 + (j % (b.length - 16)))])),
  )

const wrongHeader = fc
  .tuple(
    anyValid,
    fc.oneof(interesting, fc.integer()),
    fc.constantFrom(2013, 2012, 2004, 2001, 2002, 2005, 2006, 2007, 2010, 2011, 1, 0, -1, 4242),
  )
  .map(([bytes, length, opCode]) => {
    const copy = Buffer.from(bytes)
    if (length !== 1) copy.writeInt32LE(length, 0)
    copy.writeInt32LE(opCode, 12)
    return copy
  })

const wrongOpCode = fc.tuple(anyValid, fc.integer({ min: -10, max: 3000 })).map(([bytes, opCode]) => {
  const copy = Buffer.from(bytes)
  copy.writeInt32LE(opCode, 12)
  return copy
})

const flags = fc.tuple(anyValid, fc.integer({ min: 0, max: 0x1ffff })).map(([bytes, bits]) => {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(bits, 16)
  return copy
})

const document = fc.constantFrom<Document>(
  { ping: 1, $db: 'admin' },
  { find: 'c', $db: 'hostile' },
  { insert: 'c', $db: 'hostile' },
)
const sections = fc
  .tuple(
    fc.array(
      fc.oneof(
        document.map(body),
        fc
          .tuple(
            fc.constantFrom('documents', 'ops', 'updates', '', '$db'),
            fc.nat(3),
            fc.integer({ min: -30, max: 30 }),
          )
          .map(([name, count, wrongBy]) =>
            sequence(
              name,
              Array.from({ length: count }, (_, i) => ({ i })),
              Math.abs(wrongBy) > 10 ? 0 : wrongBy,
            ),
          ),
        fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      ),
      { maxLength: 4 },
    ),
    fc.constantFrom(0, 0, 0, MORE_TO_COME, CHECKSUM, CHECKSUM | MORE_TO_COME, 1 << 16),
  )
  .map(([parts, bits]) => opMsg(parts, bits))

const deep = fc
  .tuple(
    fc.constantFrom(3 as const, 4 as const),
    fc.constantFrom(20, 99, 150, 175, 180, 181, 200, 1000, 20_000),
    fc.constantFrom('a', '$and', '$not', '$elemMatch', '$expr', '$cond'),
  )
  .map(([type, depth, name]) => findWith(nested(depth, type, name)))

const notUtf8 = fc
  .tuple(anyValid, fc.nat(2000), fc.uint8Array({ minLength: 1, maxLength: 4, min: 0x80 }))
  .map(([bytes, at, garbage]) => {
    const copy = Buffer.from(bytes)
    // Over letters only, so that names and texts are hit and not the lengths.
    let position = 21 + (at % (copy.length - 21))
    for (const byte of garbage) {
      while (position < copy.length && !((copy[position] as number) >= 97 && (copy[position] as number) <= 122))
        position++
      if (position < copy.length) copy[position] = byte
    }
    return copy
  })

const noise = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean())
  .map(([bytes, asMessage]) => (asMessage ? message(bytes) : Buffer.from(bytes)))

const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1.5,
    2 ** 40,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'c',
    '$a',
    'a\0b',
    'x'.repeat(5000),
    Long.MIN_VALUE,
    new MinKey(),
    new ObjectId(),
    new Date(8.64e15),
    new Binary(Buffer.alloc(3)),
    '((((',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [{}],
    [1, 'a'],
    { $a: 1 },
    { a: { $gt: {} } },
    { $or: [] },
    { $where: '1' },
    { $regex: '(' },
    { 'a.': 1 },
    { '': 1 },
    [{ $match: 1 }],
    [{ $nope: 1 }],
    [{ $group: {} }],
    { $set: { _id: 1 } },
    { $inc: { a: 'x' } },
  ),
)
const fields: Record<string, readonly string[]> = {
  find: [
    'filter',
    'sort',
    'projection',
    'skip',
    'limit',
    'batchSize',
    'hint',
    'collation',
    'let',
    'singleBatch',
    'tailable',
    'min',
  ],
  insert: ['documents', 'ordered', 'bypassDocumentValidation'],
  update: ['updates', 'ordered', 'let', 'stmtId'],
  delete: ['deletes', 'ordered', 'let'],
  findAndModify: ['query', 'update', 'remove', 'sort', 'fields', 'arrayFilters', 'upsert', 'new', 'hint'],
  aggregate: ['pipeline', 'cursor', 'let', 'collation', 'hint', 'allowDiskUse', 'explain'],
  count: ['query', 'skip', 'limit', 'hint', 'collation'],
  distinct: ['key', 'query', 'collation'],
  createIndexes: ['indexes', 'commitQuorum'],
  dropIndexes: ['index'],
  create: ['capped', 'size', 'max', 'viewOn', 'pipeline', 'validator', 'collation', 'timeseries', 'clusteredIndex'],
  collMod: ['validator', 'index', 'viewOn', 'pipeline', 'changeStreamPreAndPostImages'],
  getMore: ['collection', 'batchSize', 'maxTimeMS'],
  killCursors: ['cursors'],
  explain: ['verbosity'],
  listCollections: ['filter', 'cursor', 'nameOnly'],
  listIndexes: ['cursor'],
  bulkWrite: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'let', 'cursor'],
  renameCollection: ['to', 'dropTarget'],
  validate: ['full'],
  commitTransaction: [],
  abortTransaction: [],
  endSessions: [],
  hello: ['client', 'compression', 'saslSupportedMechs', 'topologyVersion'],
  connectionStatus: ['showPrivileges'],
  collStats: ['scale'],
  dbStats: ['scale'],
  dataSize: ['keyPattern', 'min', 'max'],
}
const generic = [
  'lsid',
  'txnNumber',
  'autocommit',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  '$clusterTime',
  '$readPreference',
  'comment',
  'apiVersion',
]

/** Commands that exist, with values that nobody expects. */
const oddCommands = fc
  .constantFrom(...Object.keys(fields))
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>('c') }, { weight: 1, arbitrary: oddValues }),
      fc.array(fc.tuple(fc.constantFrom(...(fields[name] as string[]), ...generic), oddValues), { maxLength: 4 }),
      fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom<unknown>('hostile', 'admin') },
        { weight: 1, arbitrary: oddValues },
      ),
    ),
  )
  .map(([name, target, rest, $db]) =>
    opMsg([Buffer.concat([Buffer.of(0), BSON.serialize({ [name]: target, ...Object.fromEntries(rest), $db })])]),
  )

/** One update, delete or stage deep inside a command, with values that nobody expects. */
const oddParts = fc
  .tuple(
    fc.constantFrom('q', 'u', 'multi', 'upsert', 'arrayFilters', 'limit', 'collation', 'hint', 'c', 'sort'),
    oddValues,
    fc.constantFrom('update', 'delete'),
  )
  .map(([field, value, kind]) =>
    command({
      [kind]: 'c',
      [`${kind}s`]: [
        kind === 'update'
          ? { q: {}, u: { $set: { a: 1 } }, [field]: value }
          : { q: { a: 99 }, limit: 1, [field]: value },
      ],
    }),
  )

/** One case: bytes that a client sends on a fresh connection. */
export const cases: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: bytesChanged },
  { weight: 3, arbitrary: lengthsChanged },
  { weight: 3, arbitrary: typesChanged },
  { weight: 2, arbitrary: cut },
  { weight: 2, arbitrary: spliced },
  { weight: 1, arbitrary: wrongHeader },
  { weight: 1, arbitrary: wrongOpCode },
  { weight: 2, arbitrary: flags },
  { weight: 3, arbitrary: sections },
  { weight: 1, arbitrary: deep },
  { weight: 2, arbitrary: notUtf8 },
  { weight: 1, arbitrary: noise },
  { weight: 5, arbitrary: oddCommands },
  { weight: 2, arbitrary: oddParts },
)
