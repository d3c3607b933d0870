/** A JSON object of unknown content. */
export type Json = Record<string, unknown>

/** Lays `over` on `base`: objects are merged member by member, anything else is replaced. Neither input is changed. */
export function merge(base: Json, over: Json): Json {
  const result: Json = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const present = result[key]
    result[key] = isObject(present) && isObject(value) ? merge(present, value) : value
  }
  return result
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Freezes a value with everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
