import fc from 'fast-check'
import { bsonValues } from '../testing/arbitraries.ts'
import { decode } from './decode.ts'
import { decodeInSteps } from './decode-in-steps.ts'
import { encode } from './raw.ts'

function decoded(bytes: Buffer): { steps: number; document: unknown } {
  const steps = decodeInSteps(bytes)
  for (let count = 1; ; count++) {
    const step = steps.next()
    if (step.done) return { steps: count, document: step.value }
  }
}

it('gives what is decoded in one go', () => {
  fc.assert(
    fc.property(fc.array(bsonValues, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (items, times) => {
      const many = Array.from({ length: 500 * times }, (_, i) => items[i % Math.max(1, items.length)])
      const bytes = encode({ a: many, ['__proto__']: 1, b: { c: many, d: { e: 'x'.repeat(70_000) } } })
      expect(decoded(bytes).document).toEqual(decode(bytes))
    }),
    { numRuns: 20 },
  )
})

it('takes a step for a part of a large array or document', () => {
  const items = Array.from({ length: 50_000 }, (_, i) => i)
  const fields = Object.fromEntries(items.map((i) => [`f${i}`, i]))
  expect(decoded(encode({ a: { items } })).steps).toBeGreaterThan(5)
  expect(decoded(encode({ a: [fields] })).steps).toBeGreaterThan(5)
  expect(decoded(encode({ a: 1 })).steps).toBe(1)
})
