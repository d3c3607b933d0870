import { parseArgs } from 'node:util'
import { startEmbedded } from './index.ts'
import type { Durability } from './index.ts'

const USAGE = 'usage: npm run db -- --dir FOLDER [--port P | --socket PATH] [--durability none|commit|flush]'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    dir: { type: 'string' },
    socket: { type: 'string' },
    durability: { type: 'string', default: 'commit' },
    help: { type: 'boolean' },
  },
})

function fail(message: string): never {
  process.stderr.write(`embedded-db: ${message}\n${USAGE}\n`)
  process.exit(1)
}

if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}
const { dir, socket, durability } = values
if (dir === undefined) fail('--dir is required')
if (!['none', 'commit', 'flush'].includes(durability))
  fail(`--durability must be none, commit or flush, not ${durability}`)
const port = values.port === undefined ? 27017 : Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65535)
  fail(`--port must be a number from 0 to 65535, not ${String(values.port)}`)
if (process.env.NODE_ENV === 'production' && process.env.DCESOP_EMBEDDED_DB_IN_PRODUCTION !== 'yes') {
  fail(
    'this is not a production database; set MONGODB_URI to a MongoDB replica set, or DCESOP_EMBEDDED_DB_IN_PRODUCTION=yes if you accept its limits',
  )
}

try {
  const database = await startEmbedded({
    path: dir,
    durability: durability as Durability,
    ...(socket === undefined ? { port } : { socket }),
  })
  const stop = (): void => {
    database.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdout.write(
    'embedded-db: one process, no replication, no authentication, local connections only; for development, tests and demos, not for production\n',
  )
  process.stdout.write(`embedded-db ready on ${database.uri}\n`)
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
