import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { databaseEnvironment, dropProductDatabases } from './databases.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** The product as a process of its own, as `npm start` runs it, with fewer people. */
export interface Product {
  readonly url: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** What it printed so far. */
  output(): string
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>
  /** SIGKILL: the process gets no chance. Its own children end with it. */
  kill(): Promise<void>
  /** Stops if needed and removes the data. */
  dispose(): Promise<void>
}

export interface ProductOptions {
  readonly dataDir?: string
  readonly port?: number
  readonly env?: NodeJS.ProcessEnv
  readonly readyMs?: number
}

/** Starts the host and resolves when it prints its ready line. @throws Error with its output when it ends before */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'dcesop-product-')))
  const port = options.port ?? (await freePort())
  const child = spawn(path.join(root, 'node_modules/.bin/node'), ['core/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      // To browser specs of authors it is the address of a host, and to a host the interface that it listens on.
      DCESOP_HOST: undefined,
      PORT: String(port),
      DCESOP_DATA_DIR: dataDir,
      DCESOP_DEMO_CUSTOMERS: '300',
      ...databaseEnvironment(dataDir),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${output}`)), options.readyMs ?? 180_000)
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-200_000)
      if (/^DCESOP ready on /m.test(output)) {
        clearTimeout(timer)
        resolve()
      }
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then((code) => reject(new Error(`ended with ${code} before it was ready:\n${output}`)))
  })
  const stopWith = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    process: child,
    output: () => output,
    stop: () => stopWith('SIGTERM'),
    kill: async () => void (await stopWith('SIGKILL')),
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) await stopWith('SIGTERM')
      await dropProductDatabases(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A port that was free a moment ago, below those that the system gives to outgoing connections: one of them could take it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    server.on('error', () => resolve(false))
  })
}
