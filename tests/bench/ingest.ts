import { machine } from '../support/client.ts'
import type { Product } from '../support/product.ts'
import { report } from './report.ts'

const rowsPerBatch = 1000
const inFlight = 4

/** Acknowledged telemetry rows per second through the public route, with as many batches in flight as the server takes. */
export async function benchIngest(product: Product, serviceIds: readonly string[], seconds = 15): Promise<void> {
  const client = await machine(product.url, 'diagnostics:ingest', 'br')
  const until = performance.now() + seconds * 1000
  const start = performance.now()
  let next = 1
  let accepted = 0
  let refused = 0
  const writers = Array.from({ length: inFlight }, async (_, writer) => {
    while (performance.now() < until) {
      const first = next
      next += rowsPerBatch
      const body = Array.from({ length: rowsPerBatch }, (_unused, index) =>
        row(writer, first + index, serviceIds),
      ).join('\n')
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await client.request<{ accepted: number }>(
        'POST',
        '/api/plugins/diagnostics/telemetry',
        body,
        headers,
      )
      if (answer.status === 429) {
        refused += 1
        await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1000))
      } else if (answer.status >= 400) throw new Error(`ingest: ${answer.status} ${JSON.stringify(answer.body)}`)
      else accepted += answer.body.accepted
    }
  })
  await Promise.all(writers)
  report({ name: 'telemetry rows ingested', value: accepted / ((performance.now() - start) / 1000), unit: 'rows/s' })
  report({ name: 'telemetry batches put off with 429', value: refused, unit: 'batches' })
}

function row(writer: number, seq: number, serviceIds: readonly string[]): string {
  const serviceId = serviceIds[seq % serviceIds.length]
  const metrics = { down: 80 + (seq % 40), up: 20, latency: 18 + (seq % 9), loss: 0 }
  return JSON.stringify({
    source: `bench-${process.pid}-${writer}`,
    seq,
    serviceId,
    at: new Date().toISOString(),
    metrics,
  })
}
