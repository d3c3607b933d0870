/** A JSON value that keeps what JSON.parse loses: the order of all fields, repeated fields, and how a number is written. */
export type Json = string | boolean | null | JsonNumber | Json[] | JsonObject

export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class JsonObject {
  readonly fields: (readonly [name: string, value: Json])[] = []

  get(name: string): Json | undefined {
    return this.fields.find(([field]) => field === name)?.[1]
  }
}

const MAX_DEPTH = 200
const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/** Parses one JSON value. @throws SyntaxError with the place of the mistake */
export function parseJson(text: string): Json {
  return new Parser(text).whole()
}

class Parser {
  private readonly text: string
  private position = 0

  constructor(text: string) {
    this.text = text
  }

  whole(): Json {
    const value = this.value(0)
    this.skip()
    if (this.position < this.text.length) throw this.mistake()
    return value
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new SyntaxError(`JSON nests deeper than ${MAX_DEPTH} levels`)
    this.skip()
    const next = this.text[this.position]
    if (next === '{') return this.object(depth)
    if (next === '[') return this.array(depth)
    if (next === '"') return this.string()
    const word = this.take(WORD)
    if (word !== undefined) return word === 'null' ? null : word === 'true'
    const number = this.take(NUMBER)
    if (number === undefined) throw this.mistake()
    return new JsonNumber(number)
  }

  private object(depth: number): JsonObject {
    const object = new JsonObject()
    this.position++
    if (this.takeIf('}')) return object
    do {
      this.skip()
      const name = this.string()
      if (!this.takeIf(':')) throw this.mistake()
      object.fields.push([name, this.value(depth + 1)])
    } while (this.takeIf(','))
    if (!this.takeIf('}')) throw this.mistake()
    return object
  }

  private array(depth: number): Json[] {
    const items: Json[] = []
    this.position++
    if (this.takeIf(']')) return items
    do items.push(this.value(depth + 1))
    while (this.takeIf(','))
    if (!this.takeIf(']')) throw this.mistake()
    return items
  }

  private string(): string {
    const token = this.take(STRING)
    if (token === undefined) throw this.mistake()
    return JSON.parse(token) as string
  }

  private takeIf(character: string): boolean {
    this.skip()
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const token = pattern.exec(this.text)?.[0]
    if (token === undefined) return undefined
    this.position += token.length
    return token
  }

  private skip(): void {
    this.take(SPACE)
  }

  private mistake(): SyntaxError {
    const found = this.text.slice(this.position, this.position + 20)
    return new SyntaxError(`JSON has ${found === '' ? 'its end' : JSON.stringify(found)} at character ${this.position}`)
  }
}
