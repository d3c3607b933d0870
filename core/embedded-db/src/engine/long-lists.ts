import { slicedSort } from '../aggregate/sliced-sort.ts'
import type { Rests } from '../aggregate/pacer.ts'
import { keepListKeys, listKey } from '../values/list-keys.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import { byStart, keepPoints, point, unique } from './planner/list-points.ts'
import type { Interval } from './planner/list-points.ts'

/** Lists that are shorter are made ready when they are compiled. */
const LONG = 2000

const NOT_PLAIN: ReadonlySet<number> = new Set([
  bsonType.null,
  bsonType.missing,
  bsonType.undefined,
  bsonType.object,
  bsonType.array,
  bsonType.regex,
])

/** Makes the long lists of $in and $nin in a command ready, in turns: compiling 100,000 values would hold everybody for 0.1 s. */
export async function prepareLongLists(command: unknown, turns: Rests): Promise<void> {
  for (const list of longLists(command)) {
    if (list) await prepare(list, turns)
    const rest = turns.step()
    if (rest) await rest
  }
}

/** The lists, and nothing for each value on the way. */
function* longLists(value: unknown): Generator<unknown[] | undefined> {
  yield undefined
  if (Array.isArray(value)) for (const item of value as unknown[]) yield* longLists(item)
  else if (isObject(value))
    for (const [name, inner] of Object.entries(value)) {
      const isList = (name === '$in' || name === '$nin') && Array.isArray(inner) && inner.length >= LONG
      if (isList) yield inner as unknown[]
      else yield* longLists(inner)
    }
}

async function prepare(list: readonly unknown[], turns: Rests): Promise<void> {
  const keys = new Set<string>()
  const points: Interval[] = []
  let plain = true
  for (const value of list) {
    keys.add(listKey(value, undefined))
    points.push(point(value, undefined))
    plain &&= !NOT_PLAIN.has(typeOf(value))
    const rest = turns.step()
    if (rest) await rest
  }
  keepListKeys(list, { keys, plain })
  keepPoints(list, unique(await slicedSort(points, byStart, turns)))
}
