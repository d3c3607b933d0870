import { namesOf } from './json-pointer.ts'

type Holder = Record<string, unknown>

/** Puts values at JSON pointers, with the objects on the way to them where there are none. Changes `target`. */
export function placeValues(target: unknown, values: ReadonlyMap<string, unknown>): void {
  for (const [pointer, value] of values) {
    const names = namesOf(pointer)
    const last = names.pop()
    let holder = isHolder(target) ? target : undefined
    for (const name of names) {
      if (holder && !Object.hasOwn(holder, name)) put(holder, name, {})
      const inner = holder?.[name]
      holder = isHolder(inner) ? inner : undefined
    }
    // What is no object is told by the schema.
    if (holder && last !== undefined) put(holder, last, value)
  }
}

/** Takes away what is at a JSON pointer. @returns whether there was anything */
export function takeAway(target: unknown, pointer: string): boolean {
  const names = namesOf(pointer)
  const last = names.pop() ?? ''
  const holder = names.reduce<unknown>((at, name) => (hasOwn(at, name) ? at[name] : undefined), target)
  return hasOwn(holder, last) && delete holder[last]
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null
}

function hasOwn(value: unknown, name: string): value is Holder {
  return isHolder(value) && Object.hasOwn(value, name)
}

/** Also a name that means something else in an assignment. */
function put(holder: Holder, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true })
}
