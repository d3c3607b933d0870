import type { FullConfig } from '@playwright/test'
import { startProduct } from './product.ts'

/** A product with demo data and simulator for each worker's browser specs; what is returned runs at the end. */
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  if (process.env['DCESOP_URL']) return async () => {}
  // Specs look at customers with a story; the others are there so that these have neighbours, of whom a median
  // needs five people, and cost all the while.
  const options = { readyMs: 300_000, env: { DCESOP_DEMO_CUSTOMERS: '360' } }
  const products = await Promise.all(Array.from({ length: workers }, () => startProduct(options)))
  process.env['DCESOP_URLS'] = products.map((product) => product.url).join(' ')
  return async () => {
    if (process.env['DCESOP_SHOW_OUTPUT']) for (const product of products) console.log(product.output())
    await Promise.all(products.map((product) => product.dispose()))
  }
}
