import { BSONRegExp, Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson'

/** A value in the notation of the server's messages: `{ a: 1, b: "x", _id: ObjectId('…') }`. */
export function shellText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Int32) return String(value.value)
  if (value instanceof Double)
    return Number.isInteger(value.value) && Math.abs(value.value) < 1e15 ? value.value.toFixed(1) : String(value.value)
  if (value instanceof Timestamp) return `Timestamp(${value.high >>> 0}, ${value.low >>> 0})`
  if (value instanceof Long) return value.toString()
  if (value instanceof Decimal128) return value.toString()
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (value instanceof Binary)
    return value.sub_type === 4
      ? `UUID("${value.toUUID().toHexString()}")`
      : `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(shellText).join(', ')} ]`
  if (typeof value === 'object') {
    const fields = Object.entries(value).map(([name, item]) => `${name}: ${shellText(item)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return String(value)
}
