import { startProduct } from './product.ts'

/** One product with demo data and simulator for all browser specs; what is returned runs at the end. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const given = process.env['DCESOP_URL']
  if (given) return async () => {}
  const product = await startProduct({ readyMs: 300_000 })
  process.env['DCESOP_URL'] = product.url
  return async () => {
    if (process.env['DCESOP_SHOW_OUTPUT']) console.log(product.output())
    await product.dispose()
  }
}
