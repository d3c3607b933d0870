import { Problem } from '@dcesop/sdk-plugin'
import type { Token } from 'stream-json/core/parser.js'

const deepest = 64

/** Refuses in a token stream what two readers could take differently: a member named twice, `__proto__`, bottomless nesting. */
export class NameGuard {
  readonly #open: Set<string>[] = []

  /** @throws Problem 400 */
  consume(token: Token): void {
    if (token.name === 'startObject' || token.name === 'startArray') {
      if (this.#open.length >= deepest)
        throw new Problem(400, 'malformed_json', `The body is nested deeper than ${deepest} levels.`)
      this.#open.push(new Set())
    } else if (token.name === 'endObject' || token.name === 'endArray') this.#open.pop()
    else if (token.name === 'keyValue') this.#name(token.value)
  }

  #name(name: string): void {
    const names = this.#open.at(-1)
    if (name === '__proto__')
      throw new Problem(400, 'forbidden_key', 'The body has a member named "__proto__", which is refused.')
    if (names?.has(name)) throw new Problem(400, 'duplicate_key', 'The body names the same member twice in one object.')
    names?.add(name)
  }
}
