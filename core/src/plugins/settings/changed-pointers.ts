import { isObject, type Json, memberPointer } from '@dcesop/sdk-plugin/host'
import { isDeepStrictEqual } from 'node:util'

/** JSON pointers to what differs between two configurations: names alone, so that a record holds no value. */
export function changedPointers(before: Json, after: Json, at = ''): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]]
    const pointer = memberPointer(at, name)
    if (isObject(was ?? {}) && isObject(is ?? {})) {
      const inside = changedPointers((was ?? {}) as Json, (is ?? {}) as Json, pointer)
      if (inside.length > 0 || (was !== undefined && is !== undefined)) return inside
    }
    return isDeepStrictEqual(was, is) ? [] : [pointer]
  })
}
