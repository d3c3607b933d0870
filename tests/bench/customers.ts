import { machine, signIn } from '../support/client.ts'
import type { Product } from '../support/product.ts'
import { percentile, report } from './report.ts'

const samples = 300

/** Imports people through the public route; resolves with what the import answered in all. */
export async function importCustomers(product: Product, region: string, rows: Iterable<string>): Promise<number> {
  const client = await machine(product.url, 'customers:import', region)
  const headers = { 'content-type': 'application/x-ndjson' }
  let imported = 0
  let batch: string[] = []
  const send = async () => {
    const path = `/api/plugins/customers/import?region=${region}`
    const answer = await client.request<{ rejected?: number }>('POST', path, batch.join('\n'), headers)
    if (answer.status >= 400 || answer.body.rejected)
      throw new Error(`import: ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`)
    imported += batch.length
    batch = []
  }
  for (const row of rows) {
    batch.push(row)
    if (batch.length === 2000) await send()
  }
  if (batch.length > 0) await send()
  return imported
}

/** Search by phone and by name, and opening of the found customer, as an agent's browser asks for them. */
export async function benchCustomers(
  product: Product,
  region: string,
  queries: { phones: string[]; names: string[] },
): Promise<void> {
  const agent = await signIn(product.url, 'agent', region)
  const ids: string[] = []
  const search = async (q: string) => {
    const answer = await agent.request<{ results: { id: string }[] }>('POST', '/api/plugins/customers/search', {
      q,
      region,
    })
    if (answer.status !== 200) throw new Error(`search: ${answer.status} ${JSON.stringify(answer.body)}`)
    ids.push(...answer.body.results.slice(0, 1).map((result) => result.id))
  }
  const open = async (id: string) => {
    const answer = await agent.request('GET', `/api/plugins/customers/customers/${region}/${id}`)
    if (answer.status !== 200) throw new Error(`open: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  await time('customer search by phone', queries.phones.slice(0, samples), search)
  await time('customer search by name', queries.names.slice(0, samples), search)
  await time('customer open', ids.slice(0, samples), open)
}

async function time<T>(name: string, inputs: readonly T[], work: (input: T) => Promise<void>): Promise<void> {
  const times: number[] = []
  for (const input of inputs) {
    const start = performance.now()
    await work(input)
    times.push(performance.now() - start)
  }
  report({ name: `${name} p50`, value: percentile(times, 0.5), unit: 'ms' })
  report({ name: `${name} p99`, value: percentile(times, 0.99), unit: 'ms' })
}
