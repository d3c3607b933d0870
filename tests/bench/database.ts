import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BareStore } from './database/bare-store.ts'
import { processMicros } from './database/process-time.ts'
import { type Row, ROWS } from './database/rows.ts'
import { load, measureSize, start } from './database/size.ts'
import type { Job } from './database/work.ts'
import { Workers } from './database/workers.ts'
import { median, percentile, report } from './report.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** The table's rows are measured on so many customers, as the prototype's were. */
const DOCUMENTS = 100_000
const SECONDS = 2
const ROUNDS = 3
/** Threads that share 32 clients: one driver alone is slower than the engine. */
const THREADS = 4

export interface DatabaseBenchOptions {
  /** Customers for the time to open, memory and disk. */
  documents: number
  /** Only rows whose name contains it. */
  row?: string | undefined
}

/**
 * The embedded database in its own process through the unmodified driver, beside two yardsticks: the store alone, without
 * wire, BSON or queries, and a server that answers from memory, which is what driver and sockets cost.
 */
export async function benchDatabase({ documents, row }: DatabaseBenchOptions): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'bench-database-'))
  const bare = new BareStore(DOCUMENTS)
  const memory = await startMemoryServer()
  let engine = await start(dir)
  try {
    await load(engine, 0, DOCUMENTS)
    const drivers = await Workers.start(engine.uri, THREADS, 8, DOCUMENTS)
    const yardstick = await Workers.start(memory.uri, THREADS, 8, DOCUMENTS)
    const wanted = (name: string): boolean => row === undefined || name.includes(row)
    for (const one of ROWS) if (wanted(one.name)) await measure(one, { engine, memory, drivers, yardstick, bare })
    if (wanted('p99')) await measureWaits(drivers)
    await Promise.all([drivers.end(), yardstick.end()])
    if (wanted('open')) engine = await measureSize(engine, dir, DOCUMENTS, documents)
  } finally {
    memory.stop()
    await bare.close()
    await engine.end('SIGTERM')
    await rm(dir, { recursive: true, force: true })
  }
}

async function startMemoryServer(): Promise<{ uri: string; pid: number; stop(): void }> {
  const child = spawn(
    path.join(root, 'node_modules/.bin/node'),
    ['tests/bench/database/memory-server.ts', String(DOCUMENTS)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const uri = `mongodb://127.0.0.1:${chunk.toString().trim()}/?replicaSet=rs0`
  return { uri, pid: child.pid as number, stop: () => void child.kill() }
}

interface Field {
  engine: { pid: number }
  memory: { pid: number }
  drivers: Workers
  yardstick: Workers
  bare: BareStore
}

interface Measured {
  rate: number
  cpu: number
}

async function timed(workers: Workers, pid: number, job: Job, threads: number): Promise<Measured> {
  const before = processMicros(pid)
  const { operations, seconds } = await workers.run(job, threads)
  return { rate: operations / seconds, cpu: (processMicros(pid) - before) / operations }
}

/** Engine and yardstick in turns, the medians of which are compared. */
async function measure({ name, unit, row, clients, slow }: Row, field: Field): Promise<void> {
  const job: Job = { row, concurrency: clients, seconds: SECONDS, ...(slow && { operations: 3 }) }
  const threads = clients === 1 ? 1 : THREADS
  const ours: Measured[] = []
  const theirs: Measured[] = []
  await field.drivers.run({ ...job, seconds: SECONDS / 4, operations: 2000 }, threads)
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timed(field.drivers, field.engine.pid, job, threads))
    theirs.push(await timed(field.yardstick, field.memory.pid, job, threads))
  }
  const rate = (list: readonly Measured[]): number => median(list.map((one) => one.rate))
  const cpu = (list: readonly Measured[]): number => median(list.map((one) => one.cpu))
  const store = field.bare.rate(name)
  // A ratio above 1 is always the better side: where seconds are shown, it is turned round.
  const against = (what: string, value: number, baseline: number): void =>
    report({
      name: `${name} against ${what}`,
      value: slow ? 1 / value : value,
      unit,
      baseline: slow ? 1 / baseline : baseline,
      ratio: value / baseline,
    })
  if (store !== undefined) against('the bare store', rate(ours), store)
  against('a server that answers from memory', rate(ours), rate(theirs))
  report({
    name: `processor time of ${name} against a server that answers from memory`,
    value: cpu(ours),
    unit: 'µs',
    baseline: cpu(theirs),
    ratio: cpu(theirs) / cpu(ours),
  })
}

/** How long a findOne waits while another client keeps the engine busy, against the same without the other. */
async function measureWaits(drivers: Workers): Promise<void> {
  const job: Job = { row: 'findById', concurrency: 1, seconds: 3 }
  const alone = percentile((await drivers.runOn(0, job)).latencies, 0.99)
  for (const busy of ['scan', 'build', 'group', 'sort', 'toArray', 'insertMany'] as const) {
    const other = drivers.runOn(1, { row: busy, concurrency: 1, seconds: 3 })
    const { latencies } = await drivers.runOn(0, job)
    await other
    report({ name: `p99 of findOne during ${busy}`, value: percentile(latencies, 0.99), unit: 'ms', baseline: alone })
    report({ name: `longest findOne during ${busy}`, value: Math.max(...latencies), unit: 'ms' })
  }
}
