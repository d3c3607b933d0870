import type { Document } from 'bson'
import { connect } from 'node:net'
import { eventually, startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'
import { messageOf } from '../testing/in-process.ts'

const MORE_TO_COME = 2
const FLAGS_AT = 16

describe('a client that leaves', () => {
  let database: TestDatabase
  beforeAll(async () => void (database = await startTestDatabase()))
  afterAll(() => database.stop())

  /** An insert that wants no answer. */
  const insert = (collection: string, _id: number): Buffer => {
    const message = messageOf({ insert: collection, documents: [{ _id }], writeConcern: { w: 0 }, $db: 'left' })
    message.writeUInt32LE(MORE_TO_COME, FLAGS_AT)
    return message
  }

  it('has had done what it sent before without waiting for answers', async () => {
    const [address] = database.client.options.hosts
    const socket = connect({ host: String(address?.host), port: Number(address?.port) })
    socket.end(Buffer.concat(Array.from({ length: 60 }, (_, i) => insert('c', i))))
    const rows = database.client.db('left').collection<Document>('c')
    await eventually(async () => (await rows.countDocuments()) === 60)
    expect(await rows.countDocuments()).toBe(60)
  })
})
