import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import type { Collator } from '../../values/collation.ts'
import { setField } from '../../values/document.ts'
import { hashKey } from '../../values/hash-key.ts'
import { approximateSize } from '../../values/size.ts'
import { asDocument, isObject, typeName } from '../../values/types.ts'
import type { Accumulator } from './types.ts'

/** All values in order; missing ones are left out. */
export function push(): Accumulator {
  const items: unknown[] = []
  let bytes = 0
  return {
    add: (value) => {
      if (value === undefined) return
      bytes += approximateSize(value)
      items.push(value)
    },
    result: () => items,
    bytes: () => bytes,
  }
}

export function addToSet(collator: Collator | undefined): Accumulator {
  const items = new Map<string, unknown>()
  let bytes = 0
  return {
    add: (value) => {
      if (value === undefined) return
      const key = hashKey(value, collator)
      if (items.has(key)) return
      bytes += approximateSize(value) + key.length
      items.set(key, value)
    },
    result: () => [...items.values()],
    bytes: () => bytes,
  }
}

export function mergeObjects(): Accumulator {
  const merged: Document = {}
  let bytes = 0
  return {
    add: (value) => {
      if (value === null || value === undefined) return
      if (!isObject(value))
        throw new CommandError(
          40400,
          'Location40400',
          `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
        )
      for (const [name, item] of Object.entries(asDocument(value))) {
        if (merged[name] === undefined) bytes += name.length + approximateSize(item)
        setField(merged, name, item)
      }
    },
    result: () => merged,
    bytes: () => bytes,
  }
}
