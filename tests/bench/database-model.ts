import fc from 'fast-check'
import { startInProcess } from '../../core/embedded-db/src/testing/in-process.ts'
import { inProcessBackend } from '../../core/embedded-db/src/testing/model/backend.ts'
import { operations } from '../../core/embedded-db/src/testing/model/operations.ts'
import { FreshNames } from '../../core/embedded-db/src/testing/model/fresh-names.ts'
import { replay } from '../../core/embedded-db/src/testing/model/replay.ts'
import { report } from './report.ts'

/** The long form of the model test: other sequences each time, and longer ones. @throws Error with the smallest that differs */
export async function benchDatabaseModel(sequences: number, seed = Date.now() | 0): Promise<void> {
  const database = startInProcess()
  const before = process.cpuUsage()
  const names = new FreshNames('model')
  let steps = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { maxLength: 40, size: 'max' }), async (sequence) => {
        const backend = inProcessBackend(database)
        await replay(sequence, backend, await names.next(backend))
        steps += sequence.length + 1
      }),
      { seed, numRuns: sequences },
    )
  } finally {
    await database.stop()
  }
  const { user, system } = process.cpuUsage(before)
  report({
    name: `database sequences without a difference from the model, seed ${seed}`,
    value: sequences,
    unit: 'sequences',
  })
  report({ name: 'steps of database sequences', value: steps / ((user + system) / 1e6), unit: 'steps/s of processor' })
}
