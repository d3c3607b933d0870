import type { Binary, Document } from 'bson'
import { asDocument, bsonType, typeOf } from './types.ts'

/** About how many bytes a value takes in BSON; cheap, for memory bounds. */
export function approximateSize(value: unknown): number {
  switch (typeOf(value)) {
    case bsonType.string:
      return (value as string).length + 8
    case bsonType.object: {
      let size = 8
      const document = asDocument(value as Document)
      for (const name of Object.keys(document)) size += name.length + 2 + approximateSize(document[name])
      return size
    }
    case bsonType.array: {
      let size = 8
      for (const item of value as unknown[]) size += 4 + approximateSize(item)
      return size
    }
    case bsonType.binData:
      return 8 + (value instanceof Uint8Array ? value.byteLength : (value as Binary).position)
    default:
      return 16
  }
}
