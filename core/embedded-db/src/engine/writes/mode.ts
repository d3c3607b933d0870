import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import type { Interrupt } from '../interrupt.ts'
import type { ReadSource } from '../query/read-source.ts'
import type { Transaction } from '../transaction.ts'
import { Blocked } from '../write-context.ts'
import type { WriteContext } from '../write-context.ts'
import { writeConflict } from '../locks.ts'

/** How a command's statements reach the store: each in a group commit, or all into the session's transaction. */
export interface WriteMode {
  readonly source: ReadSource
  readonly transactional: boolean
  run<T>(action: (context: WriteContext) => T): Promise<T>
}

export function directMode(engine: Engine, interrupt: Interrupt): WriteMode {
  return { source: committedSource(engine), transactional: false, run: (action) => engine.write(action, interrupt) }
}

/** Between two runs of a command others have their turn: a transaction writes to memory, which never waits. */
export function transactionMode(transaction: Transaction): WriteMode {
  let ran = false
  return {
    source: transaction,
    transactional: true,
    run: async (action) => {
      if (ran) await nextTurn()
      ran = true
      try {
        return action(transaction)
      } catch (error) {
        // Waiting for another transaction from inside one could deadlock.
        throw error instanceof Blocked ? writeConflict() : error
      }
    },
  }
}

export function committedSource(engine: Engine): ReadSource {
  return {
    reader: engine.store,
    collection: (namespace) => engine.catalogue.collections.get(namespace),
    view: (namespace) => engine.catalogue.views.get(namespace),
  }
}
