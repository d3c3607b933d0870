// Runs so many generated sequences against the model, in a process of its own. It is run by model.spec.ts.
import fc from 'fast-check'
import { fuzz } from '../fuzz.ts'
import { startInProcess } from '../in-process.ts'
import { inProcessBackend } from './backend.ts'
import { operations } from './operations.ts'
import { FreshNames } from './fresh-names.ts'
import { replay } from './replay.ts'

/** Sequences that run beside each other, each on a collection of its own: they share commits, as the commands of several clients do. */
const TOGETHER = 10

const sequence = fc.array(operations, { maxLength: 10 })
const database = startInProcess()
const names = new FreshNames('model')
let done = 0

await fc.assert(
  fc.asyncProperty(fc.array(sequence, { minLength: TOGETHER, maxLength: TOGETHER }), async (sequences) => {
    const replays = sequences.map(async (one) => {
      const backend = inProcessBackend(database)
      await replay(one, backend, await names.next(backend))
    })
    const failed = (await Promise.allSettled(replays)).find(({ status }) => status === 'rejected')
    if (failed) throw (failed as PromiseRejectedResult).reason
    done += TOGETHER
  }),
  fuzz(Number(process.argv[2]) / TOGETHER),
)
await database.stop()
process.stdout.write(`${done} sequences agree with the model\n`)
