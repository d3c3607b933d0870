import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import autocannon from 'autocannon'

const root = path.resolve(import.meta.dirname, '../..')

/** Requests per second of one address; any answer that is not 2xx fails the measurement. */
export async function requestsPerSecond(
  url: string,
  headers: Record<string, string>,
  seconds: number,
): Promise<number> {
  const result = await autocannon({ url, headers, connections: 24, duration: seconds, workers: 0 })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} not 2xx, ${result.errors} errors`)
  return result.requests.total / result.duration
}

/** Starts a yardstick server and resolves with its address. */
export async function startBaseline(kind: 'node' | 'hapi'): Promise<{ url: string; stop(): void }> {
  const child = spawn(path.join(root, 'node_modules/.bin/node'), ['tests/bench/baseline-server.ts', kind], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${chunk.toString().trim()}`, stop: () => void child.kill() }
}
