import { type Operator, parseWhen, type When } from './parse.ts'

/** What an extension's `when` may ask about. */
export interface WhenScope {
  readonly context: unknown
  readonly user: { readonly roles: readonly string[]; readonly regions: readonly string[] }
}

const read = new Map<string, When | undefined>()

/** Whether an extension is to be shown; not when its `when` cannot be read. */
export function holdsWhen(text: string, scope: WhenScope): boolean {
  if (!read.has(text)) read.set(text, readable(text))
  const when = read.get(text)
  return when !== undefined && isTrue(valueOf(when, scope))
}

function readable(text: string): When | undefined {
  try {
    return parseWhen(text)
  } catch {
    return undefined
  }
}

function valueOf(when: When, scope: WhenScope): unknown {
  switch (when.kind) {
    case 'value':
      return when.value
    case 'list':
      return when.items.map((item) => valueOf(item, scope))
    case 'path':
      return when.names.reduce<unknown>(memberOf, scope)
    case 'not':
      return !isTrue(valueOf(when.of, scope))
    case '||':
      return isTrue(valueOf(when.left, scope)) || isTrue(valueOf(when.right, scope))
    case '&&':
      return isTrue(valueOf(when.left, scope)) && isTrue(valueOf(when.right, scope))
    default:
      return compare(when.kind, valueOf(when.left, scope), valueOf(when.right, scope))
  }
}

/** Own data only. Of a list, the member of each of its items: `context.services.technology`. */
function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => memberOf(item, name))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
  return (value as Record<string, unknown>)[name] ?? null
}

function compare(operator: Exclude<Operator, '||' | '&&'>, left: unknown, right: unknown): boolean {
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (operator === 'in') return Array.isArray(right) && right.includes(left)
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
  const [a, b] = [left, right as typeof left]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

/** There, and neither false, zero, an empty text nor an empty list. */
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}
