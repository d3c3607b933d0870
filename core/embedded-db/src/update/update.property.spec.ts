import { type Document, Int32 } from 'bson'
import fc from 'fast-check'
import { CommandError } from '../errors.ts'
import { arbitraryNumber, arbitraryValue } from '../values/arbitrary-testing.ts'
import { canonical } from '../values/typed-testing.ts'
import { identical } from '../values/compare.ts'
import { compileUpdate } from './index.ts'

const path = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'a.0.b', 'c.d.e')
const change = fc.oneof(
  fc.tuple(
    fc.constantFrom('$set', '$unset', '$min', '$max', '$push', '$addToSet', '$setOnInsert'),
    path,
    arbitraryValue,
  ),
  fc.tuple(fc.constantFrom('$inc', '$mul'), path, arbitraryNumber),
  fc.tuple(fc.constant('$pull'), path, fc.constantFrom<unknown>(new Int32(1), 'a', null)),
)
const document = fc.dictionary(fc.constantFrom('a', 'b', 'c'), arbitraryValue, { maxKeys: 3 })

/** What a CommandError leaves undone is no concern here. */
function attempt(run: () => Document): Document | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof CommandError) return undefined
    throw error
  }
}

describe('compileUpdate', () => {
  it('never modifies its input, and answers the same reference exactly when nothing changed', () => {
    fc.assert(
      fc.property(document, change, ({ ...before }: Document, [operator, field, operand]) => {
        const text = canonical(before)
        const updated = attempt(() => compileUpdate({ [operator]: { [field]: operand } }).apply(before))
        expect(canonical(before)).toBe(text)
        if (!updated) return
        // In an array $unset writes null, and the server counts that as a change over a null as well.
        const rewrites = operator === '$unset' && updated !== before
        if (!rewrites) expect(updated === before).toBe(identical(updated, before))
      }),
      { numRuns: 3000 },
    )
  })

  it('makes the field what $set says, for every path it accepts', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('a', 'b', 'c', 'd'), arbitraryValue, (before, field, value) => {
        expect(identical(compileUpdate({ $set: { [field]: value } }).apply(before)[field], value)).toBe(true)
      }),
    )
  })
})
