import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const READY_MS = 60_000

/** The embedded database in a process of its own, as `npm run db` runs it. */
export interface DatabaseProcess {
  readonly uri: string
  readonly port: number
  readonly pid: number
  /** Whether the process is still there. */
  alive(): boolean
  /** What it wrote to standard error. */
  problems(): string
  /** Ends it; resolves with its exit status, null after a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export interface DatabaseOptions {
  readonly dir: string
  /** 0 takes any. */
  readonly port?: number
  readonly durability?: 'none' | 'commit' | 'flush'
  /** SIGKILL this long after the start, unless it is ready by then. */
  readonly killAfterMs?: number
}

const running = new Set<DatabaseProcess>()

/** Ends what a failed test left running. */
export async function endDatabases(): Promise<void> {
  await Promise.all([...running].map((database) => database.end('SIGKILL')))
}

/** Starts it and resolves when it is ready, or undefined when it was killed before. @throws Error when it ends by itself */
export async function startDatabase(options: DatabaseOptions): Promise<DatabaseProcess | undefined> {
  const { dir, port = 0, durability = 'commit', killAfterMs } = options
  const child = spawn(
    path.join(root, 'node_modules/.bin/node'),
    ['core/embedded-db/src/main.ts', '--dir', dir, '--port', String(port), '--durability', durability],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'test' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  let problems = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const killing = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  child.stderr.on('data', (chunk: Buffer) => (problems = (problems + chunk.toString()).slice(-200_000)))
  const uri = await new Promise<string | undefined>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in time:\n${output}${problems}`)), READY_MS)
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /ready on (\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    void exited.then((code) => {
      clearTimeout(late)
      if (child.signalCode === 'SIGKILL') resolve(undefined)
      else reject(new Error(`ended with ${code} before it was ready:\n${output}${problems}`))
    })
  })
  clearTimeout(killing)
  if (uri === undefined) return undefined
  const database: DatabaseProcess = {
    uri,
    port: Number(/:(\d+)\//.exec(uri)?.[1]),
    pid: child.pid as number,
    alive: () => child.exitCode === null && child.signalCode === null,
    problems: () => problems,
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const code = await exited
      running.delete(database)
      return code
    },
  }
  running.add(database)
  return database
}
