import { createContext, Script } from 'node:vm'

/** What somebody else wrote took longer than it may. */
export class TookTooLong extends Error {}

const script = new Script('work()')
// One for all: making it takes longer than most checks.
const context = createContext({})

/**
 * Does at once what a plugin can make endless, such as a pattern of its own schema, and ends it in the midst. `node:vm` is a clock here
 * and no wall. What the processor had little time for meanwhile is done again: a busy machine makes nothing endless.
 * @param work may be done more than once
 * @throws TookTooLong after `limitMs`, or what `work` throws
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  const before = process.cpuUsage()
  context['work'] = work
  try {
    for (;;) {
      try {
        return script.runInContext(context, { timeout: limitMs }) as T
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        const { user, system } = process.cpuUsage(before)
        if ((user + system) / 1000 < limitMs / 2) continue
        throw new TookTooLong(`Its check takes longer than ${limitMs / 1000} s.`, { cause: error })
      }
    }
  } finally {
    delete context['work']
  }
}
