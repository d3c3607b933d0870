import { contextProblem } from './context-problem.ts'
import { frozenCopy } from './frozen-copy.ts'

/** What a page hands to its extensions: they only ever get a context that keeps the point's contract. */
export interface GuardedContext {
  /** A frozen copy of the last one that kept it, in a box of its own; undefined while there was none. */
  readonly good: { readonly context: unknown } | undefined
  /** What is wrong with the latest. */
  readonly problem: string | undefined
  offer(context: unknown): void
  /** Looks at the latest again, with the schema as the feed has it now. */
  check(schema: object | undefined): void
}

/** @param onProblem hears of each problem once, however often the page hands the same */
export function guardContext(initial: unknown, onProblem: (problem: string) => void): GuardedContext {
  let latest = initial
  let good: GuardedContext['good']
  /** Whether the latest was taken over. */
  let taken = false
  let problem: string | undefined
  return {
    get good() {
      return good
    },
    get problem() {
      return problem
    },
    offer(context) {
      latest = context
      taken = false
    },
    check(schema) {
      const found = contextProblem(schema, latest)
      if (found === undefined && !taken) {
        good = { context: frozenCopy(latest) }
        taken = true
      } else if (found !== undefined && found !== problem) onProblem(found)
      problem = found
    },
  }
}
