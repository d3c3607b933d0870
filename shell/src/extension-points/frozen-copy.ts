/**
 * What an extension may be given of another plugin's data: copied and frozen all the way down, so that nothing that it does to it
 * reaches the page or its neighbours. Functions are the page's callbacks, and stay what they are.
 */
export function frozenCopy<T>(value: T): T {
  return copy(value, new Map()) as T
}

function copy(value: unknown, made: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = made.get(value)
  if (known !== undefined) return known
  if (value instanceof Date) return new Date(value)
  if (!Array.isArray(value) && !isPlain(value)) return value
  const result: object = Array.isArray(value) ? [] : {}
  made.set(value, result)
  for (const [key, part] of Object.entries(value)) (result as Record<string, unknown>)[key] = copy(part, made)
  return Object.freeze(result)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
