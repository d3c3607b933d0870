import { Int32 } from 'bson'
import { encode } from '../../bson/raw.ts'
import { turnsDuring } from '../../testing/turns.ts'
import { Interrupt, Turns } from '../interrupt.ts'
import { encodeInTurns } from './encode-in-turns.ts'

const ITEMS = 50_000
const turns = (): Turns => new Turns(new Interrupt(undefined))

describe('a long array in a reply', () => {
  const items = Array.from(
    { length: ITEMS },
    (_, n) => [`text ${n}`, new Int32(n), { n, gone: undefined }, null][n % 4],
  )

  it('lets others have their turn while it is encoded, to the same bytes', async () => {
    const document = { _id: 1, before: undefined, items, 'after each': { items: [1, undefined] } }
    const { turns: given, result } = await turnsDuring(() => encodeInTurns(document, turns()))
    expect(given).toBeGreaterThanOrEqual(2)
    expect(result.equals(encode(document))).toBe(true)
  })

  it('is refused like any other when its document is too large', async () => {
    const document = { items: new Array(2000).fill('x'.repeat(10_000)) }
    await expect(encodeInTurns(document, turns())).rejects.toMatchObject({ code: 10334 })
  })
})
