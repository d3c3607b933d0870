// `npm run bench`: performance figures as JSON lines. `--customers N` (default 200000), `--sequences N` of the database model
// (default 10000), `--documents N` that the database opens with (default 100000), `--upgrades N` of one plugin in a row (default 500)
// and `--only PART` (for the database and the neighbours also `--row TEXT`) make it shorter or longer.
import { parseArgs } from 'node:util'
import { demoPeople } from '../../plugins/customers/demo/people.ts'
import { build } from '../../config/scripts/lib/build.mjs'
import { machine } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'
import { benchBrowser, benchShellBytes } from './browser.ts'
import { benchCustomers, importCustomers } from './customers.ts'
import { benchDatabase } from './database.ts'
import { benchDatabaseModel } from './database-model.ts'
import { benchIngest } from './ingest.ts'
import { reportMemory } from './memory.ts'
import { report } from './report.ts'
import { benchRegistry } from './registry.ts'
import { benchProcessTier } from './process-tier.ts'
import { benchNeighbours } from './neighbours.ts'
import { benchOverload } from './overload.ts'
import { benchManyUpgrades } from './many-upgrades.ts'
import { benchNewPlugin } from './new-plugin.ts'
import { benchResolver } from './resolver.ts'
import { benchRoutes } from './routes.ts'
import { benchUpgrade } from './upgrade.ts'

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '200000' },
    documents: { type: 'string', default: '100000' },
    row: { type: 'string' },
    only: { type: 'string' },
    sequences: { type: 'string', default: '10000' },
    upgrades: { type: 'string', default: '500' },
  },
})
const wanted = (part: string) => values.only === undefined || values.only === part
const region = 'br'

if (wanted('database-model')) await benchDatabaseModel(Number(values.sequences))
if (wanted('resolver')) benchResolver()
if (wanted('registry')) await benchRegistry()
if (wanted('database')) await benchDatabase({ documents: Number(values.documents), row: values.row })
if (wanted('many-upgrades')) await benchManyUpgrades(Number(values.upgrades))
if (['database', 'database-model', 'resolver', 'registry', 'many-upgrades'].includes(values.only ?? '')) process.exit(0)
await build()
const starting = performance.now()
const product = await startProduct({ env: { DCESOP_DEMO_PROGRAMS: 'none' }, readyMs: 300_000 })
try {
  report({
    name: 'start of the host with both plugins, empty data',
    value: (performance.now() - starting) / 1000,
    unit: 's',
  })
  const idle = reportMemory('memory of the host, idle', product.process.pid)
  if (wanted('shell')) benchShellBytes()
  if (wanted('routes')) await benchRoutes(product)
  if (wanted('process-tier')) await benchProcessTier(product)
  if (wanted('neighbours')) await benchNeighbours(product, values.row)
  if (wanted('overload')) await benchOverload(product)
  if (wanted('browser')) await benchBrowser(product)
  if (wanted('new-plugin')) await benchNewPlugin(product)
  if (wanted('upgrade')) await benchUpgrade(product)
  if (wanted('customers')) await customers(product)
  if (wanted('ingest')) await ingest(product)
  reportMemory('memory of the host, after load', product.process.pid, idle)
} finally {
  await product.dispose()
}

async function customers(running: Product): Promise<void> {
  const phones: string[] = []
  const names: string[] = []
  const start = performance.now()
  const imported = await importCustomers(running, region, rows(Number(values.customers), phones, names))
  report({ name: 'customers imported', value: imported / ((performance.now() - start) / 1000), unit: 'customers/s' })
  report({ name: 'customers in the region', value: imported, unit: 'customers' })
  await benchCustomers(running, region, { phones, names })
}

/** Lines for the import; keeps a phone and a name of every hundredth person to search for. */
function* rows(count: number, phones: string[], names: string[]): Generator<string> {
  let index = 0
  for (const row of demoPeople(region, count, new Date())) {
    if (index % 100 === 50) {
      phones.push(row.phones[0]?.number ?? '')
      names.push(`${row.givenNames.split(' ')[0]} ${row.familyNames.split(' ')[0]}`)
    }
    index += 1
    yield JSON.stringify(row)
  }
}

async function ingest(running: Product): Promise<void> {
  if (!wanted('customers')) await importCustomers(running, region, rows(2000, [], []))
  const client = await machine(running.url, 'diagnostics:operate', region)
  const answer = await client.request<string>('GET', `/api/plugins/diagnostics/inventory?region=${region}`)
  const lines = String(answer.body).split('\n').filter(Boolean)
  const services = lines.map((line) => (JSON.parse(line) as { serviceId: string }).serviceId)
  await benchIngest(running, services.slice(0, 2000))
}
