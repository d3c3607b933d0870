import { createContext, Script } from 'node:vm'
import { CommandError } from '../errors.ts'

/** Processor time that the texts of one turn of the event loop may take; everybody else waits meanwhile. MongoDB counts steps instead, of which JavaScript tells nothing. */
const LONGEST_MS = 250
/** Taken of that in this turn. */
let takenMs = 0
let turn: NodeJS.Immediate | undefined

/** How long this turn of the event loop has searched against the clock, ms of processor time. */
export const searchedMs = (): number => takenMs
/** What a thread that has a processor to itself works of the time that passes, at the least. */
const UNDISTURBED = 0.8
/** Steps that are over before anybody notices them. */
const FEW_STEPS = 2e7

/** What `$` of MongoDB's patterns is translated to; it looks at two characters. */
export const END_OF_TEXT = '(?=\\n?(?![\\s\\S]))'

const context = createContext({ work: undefined as unknown })
const script = new Script('work()')

/**
 * A pattern that a text can keep busy: exponentially where groups are repeated, by a power of the text's length where single characters
 * are. A text for which that may be long is searched against the clock.
 */
class BoundedRegExp extends RegExp {
  /** Lengths up to this one need no clock. */
  readonly #reach: number

  constructor(pattern: RegExp | string, flags?: string) {
    super(pattern, flags)
    this.#reach = reachOf(this)
  }

  override exec(text: string): RegExpExecArray | null {
    return text.length <= this.#reach ? super.exec(text) : against(() => super.exec(text))
  }
}

/** @throws SyntaxError for what is no pattern */
export function boundedRegex(source: string, flags: string): RegExp {
  const regex = new RegExp(source, flags)
  return reachOf(regex) === Infinity ? regex : new BoundedRegExp(regex)
}

/** All matches in a text, in one go against the clock where the pattern is one that needs it. */
export function allMatches(regex: RegExp, text: string): RegExpExecArray[] {
  const global = new RegExp(regex.source, regex.flags.includes('g') ? regex.flags : `${regex.flags}g`)
  const all = () => [...text.matchAll(global)]
  return text.length <= reachOf(regex) ? all() : against(all)
}

function against<T>(work: () => T): T {
  turn ??= setImmediate(() => {
    turn = undefined
    takenMs = 0
  })
  const [since, left] = [workedMs(), Math.max(1, LONGEST_MS - takenMs)]
  context['work'] = work
  try {
    for (let patience = left; ; patience *= 2) {
      const begun = workedMs()
      try {
        return script.runInContext(context, { timeout: Math.ceil(patience) }) as T
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        // The clock went on while others had the processor.
        if (workedMs() - begun < UNDISTURBED * left) continue
        throw new CommandError(
          51156,
          'Location51156',
          'Error occurred while executing the regular expression: match limit exceeded',
        )
      }
    }
  } finally {
    context['work'] = undefined
    takenMs += workedMs() - since
  }
}

function workedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/y

/** The greatest length of a text that takes few steps in any case. */
function reachOf({ source, flags }: RegExp): number {
  const pattern = source.replaceAll(END_OF_TEXT, '')
  const isAnchored = /^(?:\^|\(\?<!\[\\s\\S\]\))/.test(pattern) && !flags.includes('m') && !/\|/.test(pattern)
  let degree = 0
  const groups: { alternatives: boolean }[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === '\\') at++
    else if (char === '[') at = endOfClass(pattern, at)
    else if (char === '(') {
      groups.push({ alternatives: false })
      // What kind of group it is is no quantifier.
      if (pattern.charAt(at + 1) === '?') at++
    } else if (char === '|') {
      const group = groups.at(-1)
      if (group) group.alternatives = true
    } else if (char === ')' && groups.pop()?.alternatives) degree += 1
    quantifier.lastIndex = at + 1
    const repeats = char === '(' || char === '|' ? null : quantifier.exec(pattern)
    if (!repeats) continue
    if (char === ')' && !repeats[0].startsWith('?')) return 0
    degree += 1
    at = quantifier.lastIndex - 1
  }
  if (degree === 0) return Infinity
  return Math.floor(FEW_STEPS ** (1 / (isAnchored ? degree : degree + 1)))
}

function endOfClass(pattern: string, start: number): number {
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern.charAt(at) === '\\') at++
    else if (pattern.charAt(at) === ']') return at
  }
  return pattern.length
}
