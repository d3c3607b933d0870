import { parseArgs } from 'node:util'
import { accessToken, importRows, type MachineClient } from './api-client.ts'
import { demoPeople } from './people.ts'

/**
 * Fills a running host with the demo customers through its public API; a second run on the same day changes nothing.
 * DCESOP_URL; DCESOP_CLIENTS as JSON list of {clientId, clientSecret, region}, or DCESOP_CLIENT_ID, DCESOP_CLIENT_SECRET and
 * DCESOP_REGION for one; `--count` or DCESOP_DEMO_CUSTOMERS is the number over all regions (default 5400).
 */
const rowsPerRequest = 500

function clientsOf(environment: NodeJS.ProcessEnv): MachineClient[] {
  const {
    DCESOP_CLIENTS: list,
    DCESOP_CLIENT_ID: clientId,
    DCESOP_CLIENT_SECRET: clientSecret,
    DCESOP_REGION: region,
  } = environment
  if (list !== undefined) return JSON.parse(list) as MachineClient[]
  if (clientId === undefined || clientSecret === undefined || region === undefined) {
    throw new Error('Set DCESOP_CLIENTS, or DCESOP_CLIENT_ID, DCESOP_CLIENT_SECRET and DCESOP_REGION.')
  }
  return [{ clientId, clientSecret, region }]
}

/** How many customers of the region were new or changed. */
async function seedRegion(url: string, client: MachineClient, count: number): Promise<number> {
  const token = await accessToken(url, client)
  let changed = 0
  let rows: object[] = []
  const send = async (): Promise<void> => {
    const report = await importRows(url, token, client.region, rows)
    rows = []
    const [first] = report.errors
    if (first !== undefined)
      throw new Error(`${report.rejected} rows of ${client.region} were rejected, the first: ${first.message}`)
    changed += report.created + report.updated
  }
  for (const row of demoPeople(client.region, count, today)) {
    rows.push(row)
    if (rows.length === rowsPerRequest) await send()
  }
  if (rows.length > 0) await send()
  return changed
}

const { values } = parseArgs({ options: { count: { type: 'string' } } })
const url = process.env['DCESOP_URL'] ?? 'http://127.0.0.1:8080'
const clients = clientsOf(process.env)
const total = Number(values.count ?? process.env['DCESOP_DEMO_CUSTOMERS'] ?? 5400)
if (!Number.isInteger(total) || total < clients.length)
  throw new Error('The number of customers must be a whole number, at least one per region.')
const today = new Date()
today.setUTCHours(0, 0, 0, 0)
const started = performance.now()
const changed = await Promise.all(clients.map((client) => seedRegion(url, client, Math.ceil(total / clients.length))))
const seconds = ((performance.now() - started) / 1000).toFixed(1)
const sum = changed.reduce((all, one) => all + one, 0)
const where = clients.map(({ region }) => region).join(', ')
console.log(
  `customers ready: ${Math.ceil(total / clients.length) * clients.length} in ${where}, ${sum} new or changed, ${seconds} s`,
)
