import { startEmbedded } from './index.ts'
import { readArguments, USAGE, UsageError } from './tools/arguments.ts'
import type { Task } from './tools/arguments.ts'
import { runOffline } from './tools/run.ts'

const BANNER =
  'embedded-db: one process, no replication, no authentication, local connections only; for development, tests and demos, not for production (docs/embedded-db.md)'

function fail(error: unknown): never {
  const usage = error instanceof UsageError ? `\n${USAGE}` : ''
  process.stderr.write(`embedded-db: ${error instanceof Error ? error.message : String(error)}${usage}\n`)
  process.exit(error instanceof UsageError ? 2 : 1)
}

async function serve({ dir, port, socket, durability }: Extract<Task, { kind: 'serve' }>): Promise<void> {
  if (process.env.NODE_ENV === 'production' && !['1', 'true'].includes(process.env.DCESOP_ALLOW_EMBEDDED_DB ?? ''))
    throw new Error(
      'this is not a production database; set MONGODB_URI to a MongoDB replica set, or DCESOP_ALLOW_EMBEDDED_DB=1 if you accept its limits',
    )
  const address = socket === undefined ? { port } : { socket }
  const database = await startEmbedded({ path: dir, durability, ...address })
  const stop = (): void => void database.stop().then(() => process.exit(0), fail)
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdout.write(`${BANNER}\nembedded-db ready on ${database.uri}\n`)
}

async function main(): Promise<void> {
  const task = readArguments(process.argv.slice(2))
  if (task.kind === 'help') process.stdout.write(`${USAGE}\n`)
  else if (task.kind === 'serve') await serve(task)
  else process.exitCode = (await runOffline(task, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1
}

await main().catch(fail)
