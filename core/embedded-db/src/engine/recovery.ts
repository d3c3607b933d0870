import { CommandError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { storedTotals } from './catalogue.ts'
import { Interrupt } from './interrupt.ts'
import { tableRange } from './keyspace.ts'
import { problemsOf, verifyStore } from './verify-store.ts'

/** `none` after a clean stop; the others tell of the check that follows an unclean one. */
export interface Recovery {
  state: 'none' | 'checking' | 'verified' | 'damaged' | 'stopped'
  problems: readonly string[]
  /** Ends the check; resolves when it has let go of the store. */
  stop(): Promise<void>
}

export const noRecovery: Recovery = { state: 'none', problems: [], stop: () => Promise.resolve() }

/** What must agree before anybody is served: each collection has as many documents as its stored count says. */
export function quickProblems(engine: Engine): string[] {
  return [...engine.catalogue.collections.values()].flatMap((collection) => {
    const { start, end } = tableRange(collection.table)
    const records = engine.store.count(start, end)
    const { count } = storedTotals(engine.store, collection.table)
    return records === count
      ? []
      : [`${collection.namespace}: the stored count is ${count}, the collection has ${records} documents`]
  })
}

/** Checks the whole store beside other work, after the process that had it open was killed or lost its power. */
export function checkAfterCrash(engine: Engine, log: (message: string) => void): Recovery {
  const interrupt = new Interrupt(undefined)
  const recovery = { state: 'checking' as Recovery['state'], problems: [] as readonly string[] }
  log('the data folder was not closed by its last process; checking it in the background')
  const work = verifyStore(engine, interrupt).then(
    (report) => {
      recovery.problems = problemsOf(report)
      recovery.state = recovery.problems.length === 0 ? 'verified' : 'damaged'
      const documents = report.collections.reduce((sum, { records }) => sum + records, 0)
      if (recovery.state === 'verified') log(`checked ${documents} documents and their indexes: all agree`)
      else
        log(`the data folder is damaged; export what can be read and restore it:\n  ${recovery.problems.join('\n  ')}`)
    },
    (error: unknown) => {
      recovery.state = 'stopped'
      if (!(error instanceof CommandError)) log(`the check ended early: ${String(error)}`)
    },
  )
  return Object.assign(recovery, {
    stop: async () => {
      interrupt.kill(new CommandError(11600, 'InterruptedAtShutdown', 'the server is stopping'))
      await work
    },
  })
}
