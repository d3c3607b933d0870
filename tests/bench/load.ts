import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { processMicros } from './database/process-time.ts'
import { generate } from './generator.ts'
import { percentile } from './report.ts'

const root = path.resolve(import.meta.dirname, '../..')

export interface Load {
  readonly perSecond: number
  /** Processor time of each process for one request, µs: what other processes on the machine do does not count. */
  readonly cpuMicros: readonly number[]
  /** Processor time of the generator for one request, µs. */
  readonly ownMicros: number
  readonly p50: number
  readonly p99: number
}

export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Processes that work for an answer. */
  readonly pids: readonly number[]
}

/** Loads one address; any answer that is not 200 fails the measurement. */
export async function loadOf({ url, headers, pids }: Target, connections: number, seconds: number): Promise<Load> {
  const before = pids.map(processMicros)
  const ownBefore = process.cpuUsage()
  const { answers, seconds: took, waits } = await generate(url, headers, connections, seconds)
  const own = process.cpuUsage(ownBefore)
  return {
    perSecond: answers / took,
    cpuMicros: pids.map((pid, index) => (processMicros(pid) - (before[index] as number)) / answers),
    ownMicros: (own.user + own.system) / answers,
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
  }
}

/** Starts a yardstick server and resolves with its address. */
export async function startBaseline(kind: 'node' | 'hapi'): Promise<{ url: string; pid: number; stop(): void }> {
  const child = spawn(path.join(root, 'node_modules/.bin/node'), ['tests/bench/baseline-server.ts', kind], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: `http://127.0.0.1:${chunk.toString().trim()}`,
    pid: child.pid as number,
    stop: () => void child.kill(),
  }
}
