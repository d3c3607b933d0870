import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import autocannon from 'autocannon'

const root = path.resolve(import.meta.dirname, '../..')

export interface Load {
  readonly perSecond: number
  /** Processor time of the server process for one request, µs: what other processes on the machine do does not count. */
  readonly cpuMicros: number
}

/** Loads one address with 24 connections; any answer that is not 2xx fails the measurement. */
export async function loadOf(
  url: string,
  headers: Record<string, string>,
  seconds: number,
  pid: number | undefined,
): Promise<Load> {
  const before = cpuMicrosOf(pid)
  const result = await autocannon({ url, headers, connections: 24, duration: seconds, workers: 0 })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} not 2xx, ${result.errors} errors`)
  const { total } = result.requests
  return { perSecond: total / result.duration, cpuMicros: (cpuMicrosOf(pid) - before) / total }
}

/** User and system time that a process has used, µs (proc(5), fields 14 and 15 in ticks of 10 ms); NaN where there is no /proc. */
function cpuMicrosOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN
    throw error
  }
}

/** Starts a yardstick server and resolves with its address. */
export async function startBaseline(
  kind: 'node' | 'hapi',
): Promise<{ url: string; pid: number | undefined; stop(): void }> {
  const child = spawn(path.join(root, 'node_modules/.bin/node'), ['tests/bench/baseline-server.ts', kind], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${chunk.toString().trim()}`, pid: child.pid, stop: () => void child.kill() }
}
