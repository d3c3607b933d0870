// Makes a MongoDB that was started with --replSet a replica set of one: `node config/scripts/initiate-replica-set.mjs HOST:PORT`.
import { ensureInstalled } from './lib/install.mjs'

const [host] = process.argv.slice(2)
if (!/^[\w.-]+:\d+$/.test(host ?? '')) {
  console.error('usage: node config/scripts/initiate-replica-set.mjs HOST:PORT')
  process.exit(2)
}
await ensureInstalled()
const { MongoClient } = await import('mongodb')
const client = await MongoClient.connect(`mongodb://${host}/?directConnection=true`)
const admin = client.db('admin')
try {
  const hello = () => admin.command({ hello: 1 })
  if (!(await hello()).setName) {
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } })
    while (!(await hello()).isWritablePrimary) await new Promise((resolve) => setTimeout(resolve, 200))
  }
  console.log(`replica set ${(await hello()).setName} on ${host}`)
} finally {
  await client.close()
}
