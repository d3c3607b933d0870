import type { Json } from './types.ts'

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON pointer (RFC 6901) of names. */
export const pointerOf = (path: readonly string[]): string =>
  path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export const pathOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))

/** Whether something is set at a path; a member of an array is no setting of its own. */
export function has(value: unknown, [head, ...rest]: readonly string[]): boolean {
  if (head === undefined) return value !== undefined
  return isObject(value) && Object.hasOwn(value, head) && has(value[head], rest)
}

export function at(value: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined) return value
  return isObject(value) && Object.hasOwn(value, head) ? at(value[head], rest) : undefined
}

/** A copy with a value at a path; objects on the way come into being. */
export function withValue(target: Json, [head, ...rest]: readonly string[], value: unknown): Json {
  if (head === undefined) return target
  const inner = Object.hasOwn(target, head) ? target[head] : undefined
  return { ...target, [head]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) }
}

/** A copy without the value at a path, and without the objects that this leaves empty. */
export function without(target: Json, [head, ...rest]: readonly string[]): Json {
  if (head === undefined || !Object.hasOwn(target, head)) return target
  const { [head]: inner, ...others } = target
  if (rest.length === 0 || !isObject(inner)) return others
  const left = without(inner, rest)
  return Object.keys(left).length === 0 ? others : { ...target, [head]: left }
}

/** Compares JSON values by content. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => same(one, b[index]))
  if (!isObject(a) || !isObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  )
}

/** As the host lays levels over each other: objects member by member, anything else is replaced. */
export function laid(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over
  const inner = Object.entries(over).map(([name, value]) => [
    name,
    Object.hasOwn(base, name) ? laid(base[name], value) : value,
  ])
  return { ...base, ...Object.fromEntries(inner) }
}
