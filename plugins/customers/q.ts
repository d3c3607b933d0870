import { signIn } from '../../tests/support/client.ts'
const url = process.env.U ?? 'http://127.0.0.1:18231'
const c = await signIn(url, 'agent', 'mx')
for (const q of ['55 5510 0105', 'si', 'hernandez flo']) {
  const t = performance.now()
  const a = await c.request<any>('POST', '/api/plugins/customers/search', { q })
  console.log(q, a.status, performance.now() - t, JSON.stringify(a.body).slice(0, 300))
  const r = a.body.results?.[0]
  if (!r) continue
  const b = await c.request<any>('GET', `/api/plugins/customers/customers/${r.region}/${r.id}`)
  console.log(b.status, JSON.stringify(b.body).slice(0, 400))
}
