import mongoose from 'mongoose'
import { mostEventBytes } from '../limits.ts'
import { bodyOf, refusalOf } from './check-command.ts'
import type { DataScope } from './scope.ts'
import { type Command, readCommand } from './wire.ts'

const { BSON } = mongoose.mongo
const now = new Date()

const scope: DataScope = {
  plugin: 'demo',
  databases: new Set(['t_br', 't_mx']),
  topics: ['demo.changed/v1'],
  owns: (collection) => collection.startsWith('demo_'),
}

/** An OP_MSG as a driver writes it. */
function message(body: Uint8Array, sequences: Readonly<Record<string, readonly object[]>> = {}): Buffer {
  const sections = Object.entries(sequences).map(([name, documents]) => {
    const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((document) => BSON.serialize(document))])
    const head = Buffer.alloc(5)
    head[0] = 1
    head.writeInt32LE(content.length + 4, 1)
    return Buffer.concat([head, content])
  })
  const content = Buffer.concat([Buffer.alloc(4), Buffer.from([0]), body, ...sections])
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + content.length, 0)
  head.writeInt32LE(2013, 12)
  return Buffer.concat([head, content])
}

function refusal(command: Command): string | undefined {
  return refusalOf(bodyOf(command), command, scope, now)
}

function decide(body: object, sequences?: Readonly<Record<string, readonly object[]>>): string | undefined {
  return refusal(readCommand(message(BSON.serialize({ $db: 't_br', ...body }), sequences)))
}

/** The command comes first, as it does on the wire. */
const run = (command: object, sequences?: Readonly<Record<string, readonly object[]>>) =>
  refusal(readCommand(message(BSON.serialize({ ...command, $db: 't_br' }), sequences)))
const aggregate = (...pipeline: object[]) => run({ aggregate: 'demo_a', pipeline, cursor: {} })

describe('what a plugin may say to the database', () => {
  it.each<[string, object]>([
    ['find', { find: 'demo_a', filter: {} }],
    ['getMore', { getMore: 7n, collection: 'demo_a' }],
    ['findAndModify', { findAndModify: 'demo_a', query: {}, update: { $set: { a: 1 } } }],
    ['createIndexes', { createIndexes: 'demo_a', indexes: [] }],
    ['explain', { explain: { find: 'demo_a' } }],
    ['commitTransaction', { commitTransaction: 1 }],
    ['endSessions', { endSessions: [] }],
  ])('lets %s through', (_name, command) => {
    expect(run(command)).toBeUndefined()
  })

  it('lets pipelines join and write its own collections', () => {
    const lookup = { $lookup: { from: 'demo_b', pipeline: [{ $match: {} }], as: 'b' } }
    const facet = { $facet: { a: [{ $count: 'n' }], b: [lookup] } }
    expect(aggregate(lookup, facet, { $unionWith: 'demo_c' }, { $merge: { into: 'demo_d' } })).toBeUndefined()
    expect(aggregate({ $out: { db: 't_br', coll: 'demo_e' } })).toBeUndefined()
  })

  it.each<[string, object]>([
    ['another collection', { find: 'customers_people' }],
    ['getMore of another', { getMore: 7n, collection: 'customers_people' }],
    ['a whole database', { aggregate: 1, pipeline: [] }],
    ['administration', { listDatabases: 1 }],
    ['renaming', { renameCollection: 't_br.demo_a', to: 't_br.customers_people' }],
    ['dropping a database', { dropDatabase: 1 }],
    ['listing collections', { listCollections: 1 }],
    ['users', { createUser: 'x', pwd: 'x', roles: [] }],
    ['killing sessions of others', { killAllSessions: [] }],
    ['many namespaces at once', { bulkWrite: 1, ops: [], nsInfo: [{ ns: 't_br.customers_people' }] }],
    ['explaining another', { explain: { find: 'customers_people' } }],
    ['explaining twice', { explain: { explain: { find: 'customers_people' } } }],
    ['a view of another', { create: 'demo_view', viewOn: 'customers_people', pipeline: [] }],
    ['a view that joins another', { create: 'demo_view', viewOn: 'demo_a', pipeline: [{ $unionWith: 'sessions' }] }],
    ['a view that is turned', { collMod: 'demo_view', viewOn: 'customers_people', pipeline: [] }],
    ['reading events', { find: 'outbox' }],
  ])('refuses %s', (_name, command) => {
    expect(run(command)).toEqual(expect.any(String))
  })

  it.each<[string, object]>([
    ['$lookup', { $lookup: { from: 'customers_people', as: 'x' } }],
    ['$lookup in a database', { $lookup: { from: { db: 't_core', coll: 'sessions' }, as: 'x' } }],
    ['$lookup inside', { $lookup: { from: 'demo_b', pipeline: [{ $unionWith: 'customers_people' }], as: 'x' } }],
    ['$graphLookup', { $graphLookup: { from: 'customers_people' } }],
    ['$unionWith', { $unionWith: 'customers_people' }],
    ['$unionWith long', { $unionWith: { coll: 'customers_people', pipeline: [] } }],
    ['$facet', { $facet: { a: [{ $unionWith: 'customers_people' }] } }],
    ['$out', { $out: 'customers_people' }],
    ['$out to another region', { $out: { db: 't_mx', coll: 'demo_a' } }],
    ['$merge', { $merge: 'customers_people' }],
    ['$merge to another region', { $merge: { into: { db: 't_mx', coll: 'demo_a' } } }],
    ['$currentOp', { $currentOp: {} }],
    ['$listSessions', { $listSessions: {} }],
    ['two stages in one', { $match: {}, $unionWith: 'customers_people' }],
    ['every change', { $changeStream: { allChangesForCluster: true } }],
  ])('refuses a pipeline with %s', (_name, stage) => {
    expect(aggregate(stage)).toEqual(expect.any(String))
  })

  it('refuses databases that are not of its regions, in whatever order the members come', () => {
    expect(decide({ find: 'demo_a', $db: 't_core' })).toContain('t_core')
    expect(decide({ find: 'demo_a' })).toContain('"$db"')
  })

  it('refuses a pipeline beside the body, and a member that comes twice', () => {
    const beside = { pipeline: [{ $unionWith: 'customers_people' }] }
    expect(run({ aggregate: 'demo_a', cursor: {} }, beside)).toContain('pipeline')
    const same = Buffer.from(BSON.serialize({ find: 'demo_a', fins: 'customers_people', $db: 't_br' }))
    same[same.indexOf('fins') + 3] = 'd'.charCodeAt(0)
    expect(() => refusal(readCommand(message(same)))).toThrow('twice')
  })

  it('lets it store the events that it declares, and no others', () => {
    const event = {
      _id: new BSON.ObjectId(),
      topic: 'demo.changed/v1',
      key: 'k',
      at: now,
      publisher: 'demo',
      payload: { a: 1 },
    }
    const publish = (change: object) => run({ insert: 'outbox' }, { documents: [{ ...event, ...change }] })
    expect(publish({})).toBeUndefined()
    expect(publish({ topic: 'customers.service-changed/v1' })).toEqual(expect.any(String))
    expect(publish({ publisher: 'customers' })).toEqual(expect.any(String))
    expect(publish({ more: 1 })).toEqual(expect.any(String))
    expect(publish({ payload: 'x'.repeat(mostEventBytes) })).toContain('an event of more than')
    expect(publish({ _id: BSON.ObjectId.createFromTime(now.getTime() / 1000 + 3600) })).toEqual(expect.any(String))
  })
})
