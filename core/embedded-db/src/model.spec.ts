import fc from 'fast-check'
import { fuzz, fuzzMs } from './testing/fuzz.ts'
import { startInProcess } from './testing/in-process.ts'
import { inProcessBackend } from './testing/model/backend.ts'
import { operations } from './testing/model/operations.ts'
import { replay } from './testing/model/replay.ts'

describe('command sequences', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  it(
    'come to what a plain model of the manual comes to',
    async () => {
      let serial = 0
      await fc.assert(
        fc.asyncProperty(fc.array(operations, { maxLength: 14 }), async (sequence) => {
          await replay(sequence, inProcessBackend(database), `model${serial++}`)
        }),
        fuzz(10_000),
      )
    },
    fuzzMs(240_000),
  )
})
