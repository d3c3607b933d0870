import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ApiError, MachineClient, type MachineCredentials } from '../machine/client.ts'
import type { BatchReport } from '../server/ingest/ingest-batch.ts'
import type { TelemetryRow } from '../server/ingest/row.ts'
import type { InventoryLine } from '../server/inventory/inventory-route.ts'
import { readTrace } from './trace.ts'

const usage = `Feeds a radio trace to a service through the public ingest API.

  npm run replay -- FILE.csv --customer ID --service ID [--speed N]

  --speed N          N seconds of trace per second; 1 without it
  --region R         region of the customer; looked for without it
  --url URL          the host; http://127.0.0.1:8080 without it, or DCESOP_URL
  --client-id ID     machine client with diagnostics:ingest and diagnostics:operate;
  --client-secret S  without the two the demo clients`

/** How often rows that came due are sent, so that a tile moves within a second of the post. */
const sendEveryMs = 250

interface Options {
  readonly file: string
  readonly customer: string
  readonly service: string
  readonly speed: number
  /** Where the service may be; the first region that knows it is taken. */
  readonly places: readonly Place[]
}

interface Place {
  readonly region: string
  readonly credentials: MachineCredentials
}

/** Replays one trace; resolves when its last row is stored. */
export async function replay(
  options: Options,
  signal: AbortSignal,
  onProgress: (line: string) => void,
): Promise<BatchReport> {
  const client = await clientFor(options, signal)
  const total: BatchReport = { accepted: 0, duplicates: 0, rejected: 0, errors: [] }
  const source = `replay-${randomUUID()}`
  const started = Date.now()
  let due: TelemetryRow[] = []
  let seq = 0
  const flush = async (): Promise<void> => {
    if (due.length === 0) return
    const report = await client.sendRows(due, (seconds) => onProgress(`host busy, waiting ${seconds.toFixed(1)} s`))
    due = []
    total.accepted += report.accepted
    total.duplicates += report.duplicates
    total.rejected += report.rejected
    total.errors.push(...report.errors.slice(0, 10 - total.errors.length))
    onProgress(`${seq} rows, ${total.accepted} stored, ${total.rejected} rejected`)
  }
  for await (const point of readTrace(options.file)) {
    const at = started + point.offsetMs / options.speed
    while (at > Date.now()) {
      await flush()
      await wait(Math.min(sendEveryMs, Math.max(1, at - Date.now())), undefined, { signal })
    }
    due.push({ source, seq, serviceId: options.service, at: new Date(at).toISOString(), metrics: point.metrics })
    seq += 1
    if (due.length >= 500) await flush()
  }
  await flush()
  return total
}

/** A client of the region that has the service. @throws Error when none has it, or it is not the customer's or not mobile */
async function clientFor(options: Options, signal: AbortSignal): Promise<MachineClient> {
  for (const { region, credentials } of options.places) {
    const client = new MachineClient(credentials, signal)
    if (await hasService(client, region, options)) return client
  }
  const regions = options.places.map(({ region }) => region).join(', ')
  throw new Error(`There is no service ${options.service} in ${regions}.`)
}

/** The ingest API does not care whose service it is; a person who names both wants them to belong together. */
async function hasService(client: MachineClient, region: string, options: Options): Promise<boolean> {
  for await (const line of client.lines<InventoryLine>(`/inventory?region=${region}`, { patient: false })) {
    if (line.serviceId !== options.service) continue
    if (line.customerId !== options.customer)
      throw new Error(`Service ${options.service} does not belong to customer ${options.customer}.`)
    if (line.technology !== 'mobile')
      throw new Error(`Service ${options.service} is ${line.technology}; a radio trace needs a mobile one.`)
    return true
  }
  return false
}

async function readOptions(args: readonly string[]): Promise<Options> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      customer: text,
      service: text,
      speed: text,
      region: text,
      url: text,
      'client-id': text,
      'client-secret': text,
    },
  })
  const [file, ...more] = positionals
  const { customer, service, region } = values
  if (file === undefined || more.length > 0 || customer === undefined || service === undefined) throw new Error(usage)
  const speed = Number(values.speed ?? 1)
  if (!(speed > 0 && speed <= 10_000)) throw new Error('--speed must be a number above 0 and at most 10000.')
  const url = values.url ?? process.env['DCESOP_URL'] ?? 'http://127.0.0.1:8080'
  const { 'client-id': clientId, 'client-secret': clientSecret } = values
  const clients =
    clientId !== undefined && clientSecret !== undefined
      ? [{ region: region ?? 'br', clientId, clientSecret }]
      : await demoClients(region)
  const places = clients.map(({ region: where, ...client }) => ({ region: where, credentials: { url, ...client } }))
  return { file, customer, service, speed, places }
}

interface DemoClient {
  readonly region: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The demo's ingest clients: of one region, or of all, so that nobody has to know where a customer lives. */
async function demoClients(region: string | undefined): Promise<DemoClient[]> {
  const file = path.resolve(import.meta.dirname, '../../../config/demo/accounts.json')
  const { machineClients } = JSON.parse(await readFile(file, 'utf8')) as {
    machineClients: { clientId: string; clientSecret: string; region: string | null; scopes: string[] }[]
  }
  const found = machineClients.flatMap(({ clientId, clientSecret, region: where, scopes }) =>
    where !== null && (region ?? where) === where && scopes.includes('diagnostics:ingest')
      ? [{ region: where, clientId, clientSecret }]
      : [],
  )
  if (found.length === 0)
    throw new Error(`There is no demo client for region "${region}"; give --client-id and --client-secret.`)
  return found
}

async function main(): Promise<void> {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  const terminal = process.stdout.isTTY
  const show = (line: string): void => void process.stdout.write(terminal ? `\r\x1b[K${line}` : `${line}\n`)
  try {
    const report = await replay(await readOptions(process.argv.slice(2)), stop.signal, show)
    show(`replay done: ${report.accepted} rows stored, ${report.rejected} rejected\n`)
    for (const fault of report.errors) console.error(`  row ${fault.line}: ${fault.code}: ${fault.message}`)
    if (report.rejected > 0) process.exitCode = 1
  } catch (error) {
    if (stop.signal.aborted) process.exitCode = 130
    else {
      console.error(`\n${explain(error)}`)
      process.exitCode = 1
    }
  }
}

function explain(error: unknown): string {
  if (error instanceof ApiError) return `The host refused (${error.status} ${error.code}): ${error.message}`
  if (error instanceof TypeError && error.cause instanceof Error)
    return `The host cannot be reached: ${error.cause.message}`
  return error instanceof Error ? error.message : String(error)
}

if (process.argv[1] !== undefined && import.meta.filename === path.resolve(process.argv[1])) await main()
