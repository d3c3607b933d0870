import fc from 'fast-check'
import { bsonValues } from '../testing/arbitraries.ts'
import { fuzz } from '../testing/fuzz.ts'
import { plainOrder } from '../testing/plain-order.ts'
import { compareValues } from '../values/compare.ts'
import { encodeValue } from './encode-value.ts'
import { appendField } from './index-keys.ts'
import { KeyBuffer } from './key-buffer.ts'

function key(value: unknown): Buffer {
  const buffer = new KeyBuffer()
  encodeValue(buffer, value)
  return buffer.slice()
}

function field(value: unknown, descending: boolean, next: unknown): Buffer {
  const buffer = new KeyBuffer()
  appendField(buffer, value, descending, undefined)
  appendField(buffer, next, false, undefined)
  return buffer.slice()
}

const sign = (order: number): number => Math.sign(order)

describe('encoded keys', () => {
  it('order as the values do', () => {
    fc.assert(
      fc.property(bsonValues, bsonValues, (a, b) => {
        const expected = sign(plainOrder(a, b))
        expect(sign(Buffer.compare(key(a), key(b)))).toBe(expected)
        expect(sign(compareValues(a, b))).toBe(expected)
      }),
      fuzz(8_000),
    )
  })

  it('order the other way in a descending field, whatever follows it', () => {
    fc.assert(
      fc.property(bsonValues, bsonValues, bsonValues, bsonValues, (a, b, x, y) => {
        const order = plainOrder(a, b)
        const expected = order === 0 ? plainOrder(x, y) : -order
        expect(sign(Buffer.compare(field(a, true, x), field(b, true, y)))).toBe(sign(expected))
      }),
      fuzz(4_000),
    )
  })

  it('are never prefixes of one another', () => {
    fc.assert(
      fc.property(bsonValues, bsonValues, (a, b) => {
        const [x, y] = [key(a), key(b)]
        if (x.length < y.length) expect(y.subarray(0, x.length).equals(x)).toBe(false)
      }),
      fuzz(2_000),
    )
  })
})
