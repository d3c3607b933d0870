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

  /** Sends all and leaves, and resolves when so many documents are there. */
  async function leaves(collection: string, messages: Buffer[], count: number): Promise<void> {
    const [address] = database.client.options.hosts
    const socket = connect({ host: String(address?.host), port: Number(address?.port) })
    socket.end(Buffer.concat(messages))
    const rows = database.client.db('left').collection<Document>(collection)
    await eventually(async () => (await rows.countDocuments()) === count)
  }

  it('has had done what it sent before without waiting for answers', async () => {
    const inserts = Array.from({ length: 60 }, (_, _id) => {
      const message = messageOf({ insert: 'c', documents: [{ _id }], writeConcern: { w: 0 }, $db: 'left' })
      message.writeUInt32LE(MORE_TO_COME, FLAGS_AT)
      return message
    })
    await leaves('c', inserts, 60)
  })

  it('has its last write done as a whole, for whose answer it does not wait', async () => {
    const documents = Array.from({ length: 8000 }, (_, _id) => ({ _id, text: 'a'.repeat(100) }))
    await leaves('d', [messageOf({ insert: 'd', documents, $db: 'left' })], documents.length)
  })
})
