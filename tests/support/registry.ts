import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** The registry as a process of its own, as `npm run registry` runs it. */
export interface RegistryProcess {
  readonly url: string
  readonly port: number
  readonly dir: string
  readonly process: ChildProcess
  /** A token of an account; a name that is not known yet signs up. */
  token(user: string, password?: string): Promise<string>
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>
  /** SIGKILL: the process gets no chance. Its database ends with it. */
  kill(): Promise<void>
  /** Stops if needed and removes the data. */
  dispose(): Promise<void>
}

export interface RegistryOptions {
  readonly dir?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Starts the registry and resolves when it prints its ready line. @throws Error with its output when it ends before */
export async function startRegistryProcess({ dir, env }: RegistryOptions = {}): Promise<RegistryProcess> {
  const folder = dir ?? (await mkdtemp(path.join(tmpdir(), 'dcesop-registry-')))
  const child = spawn(
    path.join(root, 'node_modules/.bin/node'),
    ['registry/src/main.ts', '--port', '0', '--dir', folder],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-50_000)
      const found = /^registry ready on (\S+)$/m.exec(output)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then((code) => reject(new Error(`ended with ${code} before it was ready:\n${output}`)))
  })
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return {
    url,
    port: Number(new URL(url).port),
    dir: folder,
    process: child,
    async token(user, password = `${user} in a spec`) {
      const answer = await fetch(`${url}/-/user/org.couchdb.user:${user}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: user, password }),
      })
      const { token } = (await answer.json()) as { token?: string }
      if (!token) throw new Error(`${user} could not sign in: ${answer.status}`)
      return token
    },
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
