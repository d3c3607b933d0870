import { startCustomers, importPeople } from './server/testing.ts'
const s = await startCustomers()
for (const n of [250, 500, 1000, 1500]) {
  const t = performance.now()
  await importPeople(s.host, 'br', n)
  console.log(n, performance.now() - t)
}
await s.stop()
