import { fieldName, nameEnd } from '../bson/field-names.ts'
import { BsonType } from '../bson/types.ts'
import type { RawDocument } from '../bson/types.ts'
import { valueEnd } from '../bson/walk.ts'
import { BsonWriter } from '../bson/writer.ts'
import type { ParsedProjection } from './parse.ts'
import type { Branch } from './tree.ts'

/** Whether fields are kept or dropped as they are, and nothing is computed. */
export function keepsValues({ children }: Branch): boolean {
  for (const node of children.values())
    if (node.kind === 'branch' ? !keepsValues(node) : node.kind === 'compute' || node.kind === 'rewrite') return false
  return true
}

/** As `include` and `exclude`, for a projection that keeps values: what stays is copied, and nothing is decoded. */
export function projectBytes(bytes: RawDocument, { root, mode }: ParsedProjection): RawDocument {
  const includes = mode === 'include'
  const out = new BsonWriter(includes ? undefined : bytes.readInt32LE(0))
  const copy = (start: number, end: number): void => {
    if (end > start) out.bytes(bytes.subarray(start, end))
  }

  const document = (branch: Branch, start: number): void => {
    const opened = out.open()
    const end = start + bytes.readInt32LE(start) - 1
    let position = start + 4
    let kept = position
    while (position < end) {
      const type = bytes[position] as number
      const stop = nameEnd(bytes, position + 1)
      const next = valueEnd(bytes, type, stop + 1)
      const node = branch.children.get(fieldName(bytes, position + 1, stop))
      if (node ? node.kind !== 'include' : includes) {
        copy(kept, position)
        if (node?.kind === 'branch' && enters(type)) {
          copy(position, stop + 1)
          within(node, type, stop + 1, next)
        } else if (node?.kind === 'branch' && !includes) copy(position, next)
        kept = next
      }
      position = next
    }
    copy(kept, end)
    out.close(opened)
  }

  const enters = (type: number): boolean => type === BsonType.object || type === BsonType.array

  /** Whose type and name are written. */
  const within = (branch: Branch, type: number, start: number, end: number): void => {
    if (type === BsonType.object) document(branch, start)
    else if (type === BsonType.array) array(branch, start)
    else copy(start, end)
  }

  const array = (branch: Branch, start: number): void => {
    const opened = out.open()
    const end = start + bytes.readInt32LE(start) - 1
    let position = start + 4
    let count = 0
    while (position < end) {
      const type = bytes[position] as number
      const value = nameEnd(bytes, position + 1) + 1
      position = valueEnd(bytes, type, value)
      if (includes && !enters(type)) continue
      out.head(type, String(count++))
      within(branch, type, value, position)
    }
    out.close(opened)
  }

  document(root, 0)
  return out.finish()
}
