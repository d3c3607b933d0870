import { contextProblem } from './context-problem.ts'

/** What a page hands to its extensions: they only ever get a context that keeps the point's contract. */
export interface GuardedContext {
  /** The last one that kept it, in a box of its own; undefined while there was none. */
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
    },
    check(schema) {
      const found = contextProblem(schema, latest)
      if (found === undefined) good = { context: latest }
      else if (found !== problem) onProblem(found)
      problem = found
    },
  }
}
