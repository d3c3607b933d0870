import { createContext, Script } from 'node:vm'

/** What somebody else wrote took longer than it may. */
export class TookTooLong extends Error {}

const script = new Script('work()')
// One for all: making it takes longer than most checks.
const context = createContext({})

/**
 * Does at once what a plugin can make endless, such as a pattern of its own schema, and ends it in the midst. `node:vm` is a clock here
 * and no wall.
 * @throws TookTooLong after `limitMs`, or what `work` throws
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  try {
    context['work'] = work
    return script.runInContext(context, { timeout: limitMs }) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new TookTooLong(`Its check takes longer than ${limitMs / 1000} s.`, { cause: error })
  } finally {
    delete context['work']
  }
}
