import { execFileSync } from 'node:child_process'
import { machine, signIn } from '../support/client.ts'
import { hasOwnDatabase, withRegion } from '../support/databases.ts'
import { type Product, startProduct } from '../support/product.ts'

const source = 'kill-test'
const rowsPerBatch = 40
const writers = 4
const enough = 4000
const begun = Date.now() - 3_600_000
/** What a client may be told while the database is away: come back later, or more slowly. */
const whileAway = ['503,unavailable,5', '429,ingest_busy,1']

describe(`kill -9 of ${hasOwnDatabase ? 'the database, then of ' : ''}the host during ingest`, () => {
  let product: Product | undefined

  afterAll(async () => {
    await product?.dispose()
  })

  it('keeps every acknowledged row once, and says 503 for what the database could not take', async () => {
    product = await startProduct()
    const { dataDir } = product
    const services = await serviceIds(product.url)
    const acknowledged = await ingestUntilKilled(product, services)

    product = await startProduct({ dataDir })
    await resend(product.url, services, [...acknowledged].slice(0, rowsPerBatch))
    await product.stop()

    const stored = await storedSequences(dataDir)
    const missing = [...acknowledged].filter((seq) => !stored.includes(seq))
    expect(missing).toEqual([])
    expect(new Set(stored).size).toBe(stored.length)
  }, 400_000)
})

/** Several writers send batches with growing sequences; the database is killed twice on the way, and the host in the middle of it. */
async function ingestUntilKilled(product: Product, services: readonly string[]): Promise<Set<number>> {
  const client = await machine(product.url, 'diagnostics:ingest', 'br')
  const acknowledged = new Set<number>()
  const refused: unknown[] = []
  let next = 1
  let alive = true
  const writing = Array.from({ length: writers }, async () => {
    while (alive) {
      const first = next
      next += rowsPerBatch
      const answer = await client
        .request('POST', '/api/plugins/diagnostics/telemetry', batch(first, services), {
          'content-type': 'application/x-ndjson',
        })
        .catch(() => undefined)
      if (answer?.status !== 200 && answer?.status !== 202) {
        if (answer) refused.push([answer.status, answer.body['code'], answer.headers.get('retry-after')])
        continue
      }
      expect(answer.body).toMatchObject({ rejected: 0 })
      for (let seq = first; seq < first + rowsPerBatch; seq += 1) acknowledged.add(seq)
    }
  })
  const reading = readUntil(() => !alive, product.url, refused)
  for (const share of [1 / 3, 2 / 3, 1]) {
    while (acknowledged.size < enough * share) await new Promise((resolve) => setTimeout(resolve, 20))
    if (share < 1 && hasOwnDatabase) process.kill(databaseOf(product), 'SIGKILL')
  }
  await product.kill()
  alive = false
  await Promise.all([...writing, reading])
  expect(refused.filter((answer) => !whileAway.includes(String(answer)))).toEqual([])
  return acknowledged
}

/** A request whose answer waits for its audit record, again and again: an agent who asks for what only administrators may see. */
async function readUntil(done: () => boolean, url: string, refused: unknown[]): Promise<void> {
  const agent = await signIn(url, 'agent', 'br')
  while (!done()) {
    const answer = await agent.request('GET', '/api/admin/plugins').catch(() => undefined)
    if (answer && answer.status !== 403)
      refused.push([answer.status, answer.body['code'], answer.headers.get('retry-after')])
  }
}

function databaseOf(product: Product): number {
  const found = execFileSync('pgrep', ['-P', String(product.process.pid), '-f', 'embedded-db'], { encoding: 'utf8' })
  return Number(found.split('\n')[0])
}

async function resend(url: string, services: readonly string[], sequences: readonly number[]): Promise<void> {
  const client = await machine(url, 'diagnostics:ingest', 'br')
  const lines = sequences.map((seq) => row(seq, services)).join('\n')
  const answer = await client.request('POST', '/api/plugins/diagnostics/telemetry', lines, {
    'content-type': 'application/x-ndjson',
  })
  expect(answer.body).toMatchObject({ accepted: 0, duplicates: sequences.length, rejected: 0 })
}

function batch(first: number, services: readonly string[]): string {
  return Array.from({ length: rowsPerBatch }, (_, index) => row(first + index, services)).join('\n')
}

function row(seq: number, services: readonly string[]): string {
  const serviceId = services[seq % services.length]
  return JSON.stringify({
    source,
    seq,
    serviceId,
    // The same row whenever it is made: sent again, it is a repetition.
    at: new Date(begun + seq).toISOString(),
    metrics: { latency: 20 + (seq % 30), loss: 0 },
  })
}

async function serviceIds(url: string): Promise<string[]> {
  const client = await machine(url, 'diagnostics:operate', 'br')
  const answer = await client.request<string | Record<string, unknown>>(
    'GET',
    '/api/plugins/diagnostics/inventory?region=br',
  )
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  const ids = [...text.matchAll(/"(?:id|serviceId)":"([^"]+)"/g)].map((match) => match[1] as string)
  if (answer.status !== 200 || ids.length === 0) throw new Error(`inventory: ${answer.status} ${text.slice(0, 300)}`)
  return ids.slice(0, 20)
}

/** What is stored, read without the host. */
async function storedSequences(dataDir: string): Promise<number[]> {
  return withRegion(dataDir, 'br', async (db) => {
    const found = await db
      .collection<{ _id: string }>('diagnostics_samples')
      .find({ _id: { $gte: `${source}:`, $lt: `${source};` } }, { projection: { _id: 1 } })
      .toArray()
    return found.map((document) => Number(document._id.slice(source.length + 1)))
  })
}
