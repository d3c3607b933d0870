import fc from 'fast-check'
import { fuzz, fuzzMs } from './testing/fuzz.ts'
import { startInProcess } from './testing/in-process.ts'
import { inProcessBackend } from './testing/model/backend.ts'
import { operations } from './testing/model/operations.ts'
import { FreshNames, replay } from './testing/model/replay.ts'

describe('command sequences', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  it(
    'come to what a plain model of the manual comes to',
    async () => {
      const names = new FreshNames('model')
      await fc.assert(
        fc.asyncProperty(fc.array(operations, { maxLength: 10 }), async (sequence) => {
          const backend = inProcessBackend(database)
          await replay(sequence, backend, await names.next(backend))
        }),
        fuzz(10_000),
      )
    },
    fuzzMs(240_000),
  )
})
