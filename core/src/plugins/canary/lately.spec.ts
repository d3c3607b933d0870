import { errorRatio, p95 } from './figures.ts'
import { Lately } from './lately.ts'

const minute = 60_000

it('counts requests and failures of the last five minutes, and forgets what came before', () => {
  let now = 0
  const lately = new Lately(() => now)
  for (let failed = 0; failed < 3; failed += 1) lately.request(true, 2, false)
  now = 2 * minute
  for (let request = 0; request < 97; request += 1) lately.request(false, 0.01, false)
  expect(lately.figures).toMatchObject({ requests: 100, failures: 3 })
  expect(errorRatio(lately.figures)).toBe(0.03)
  expect(p95(lately.figures)).toBeLessThan(12)
  now = 5 * minute
  expect(lately.figures).toMatchObject({ requests: 97, failures: 0 })
  now = 60 * minute
  expect(lately.figures).toMatchObject({ requests: 0, failures: 0 })
  lately.request(true, 0.01, false)
  expect(lately.figures).toMatchObject({ requests: 1, failures: 1 })
})
