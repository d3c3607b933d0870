import { Problem } from '../backend/problem.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * Parses a JSON body (RFC 8259) and refuses what two parsers could read differently: broken UTF-8, duplicate member names, `__proto__`;
 * and what nests so deeply that it can be read, and not be written again.
 * @throws Problem 400 `malformed_encoding`, `malformed_json`, `duplicate_key` or `forbidden_key`
 */
export function parseStrictJson(bytes: Uint8Array | string): unknown {
  const text = typeof bytes === 'string' ? bytes : decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Problem(400, 'malformed_json', 'The body is not valid JSON.', { cause })
  }
  if (/[{[]/.test(text)) checkTokens(text)
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new Problem(400, 'malformed_encoding', 'The body is not valid UTF-8.', { cause })
  }
}

const deepest = 200
const punctuation: ReadonlySet<string> = new Set('{}[],:')

/** Walks the tokens of text that `JSON.parse` already accepted, so strings in name position are exactly those before a colon. */
function checkTokens(text: string): void {
  const open: (Set<string> | undefined)[] = []
  let lastString = ''
  for (const part of tokensOf(text)) {
    if (open.length > deepest) throw new Problem(400, 'malformed_json', `The body nests deeper than ${deepest} levels.`)
    if (part === '{') open.push(new Set())
    else if (part === '[') open.push(undefined)
    else if (part === '}' || part === ']') open.pop()
    else if (part === ':') addName(open.at(-1), JSON.parse(lastString) as string)
    else if (part !== ',') lastString = part
  }
}

/** Strings with their quotes, and punctuation. By steps and not by one pattern, whose stack a string of megabytes exhausts. */
function* tokensOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (character === '"') {
      const end = endOfString(text, at)
      yield text.slice(at, end)
      at = end - 1
    } else if (punctuation.has(character)) yield character
  }
}

/** Behind the quote that closes the string which begins there: the first one before which backslashes come in pairs. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
  return text.length
}

function addName(names: Set<string> | undefined, name: string): void {
  if (!names) return
  if (name === '__proto__')
    throw new Problem(400, 'forbidden_key', 'The body has a member named "__proto__", which is refused.')
  if (names.has(name)) throw new Problem(400, 'duplicate_key', 'The body names the same member twice in one object.')
  names.add(name)
}
