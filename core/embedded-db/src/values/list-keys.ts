import type { Collator } from './collation.ts'
import { hashKey } from './hash-key.ts'

/** Of lists that are so long that their keys were made beforehand, in turns. */
const made = new WeakMap<readonly unknown[], ListKeys>()

export interface ListKeys {
  keys: ReadonlySet<string>
  /** There is neither null nor an object, array or regular expression among the values. */
  plain: boolean
}

/** What a list's values, or a value that may be among them, are looked up by; what is missing counts as null. */
export function listKey(value: unknown, collator: Collator | undefined): string {
  return hashKey(value ?? null, collator)
}

/** The keys of a list's values. */
export function listKeys(list: readonly unknown[], collator: Collator | undefined): ReadonlySet<string> {
  return (collator ? undefined : made.get(list)?.keys) ?? new Set(list.map((value) => listKey(value, collator)))
}

/** Whether it is known already that a list has nothing but plain values. */
export function isKnownPlain(list: readonly unknown[]): boolean {
  return made.get(list)?.plain === true
}

/** Keeps the keys, without collation, for as long as there is the list. */
export function keepListKeys(list: readonly unknown[], keys: ListKeys): void {
  made.set(list, keys)
}
