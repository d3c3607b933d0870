import { isUtf8 } from 'node:buffer'
import { Binary, UUID } from 'bson'
import { binaryParts } from '../../values/compare.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { typeName } from '../../values/types.ts'
import { failure } from './convert-failure.ts'
import { fail, isNullish } from './define.ts'

const formats = ['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid'] as const
export type BinaryFormat = (typeof formats)[number]

/** The format of $convert, or undefined for null. Errors: 4341114 for another type, 4341125 for an unknown name. */
export function binaryFormat(value: unknown): BinaryFormat | undefined {
  if (isNullish(value)) return undefined
  if (typeof value !== 'string')
    throw fail(4341114, `$convert requires that 'format' be a string, found: ${typeName(value)}`)
  const format = formats.find((each) => each === value)
  if (!format) throw fail(4341125, `Invalid 'format' argument for $convert: ${value}`)
  return format
}

/** 0 to 8 are the types that there are, 128 to 255 those of users. Errors: 4341106 to 4341108. */
function binaryType(subtype: unknown): number {
  if (!isNumeric(subtype))
    throw fail(4341108, `For BinData, $convert's 'subtype' argument must be a number, but is ${typeName(subtype)}`)
  const type = toNumber(subtype)
  if (!Number.isInteger(type)) throw fail(4341106, "In $convert, numeric 'subtype' argument is not an integer")
  if (!(type >= 0 && type <= 8) && !(type >= 128 && type <= 255))
    throw fail(4341107, `In $convert, numeric value for 'subtype' does not correspond to a BinData type: ${type}`)
  return type
}

function required(format: BinaryFormat | undefined, from: string, to: string): BinaryFormat {
  if (!format) throw fail(4341115, `Format must be specified when converting from '${from}' to '${to}'`)
  return format
}

const patterns: Partial<Record<BinaryFormat, RegExp>> = {
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/,
  hex: /^(?:[0-9a-f]{2})*$/i,
  utf8: /^/,
}

/** Errors: 241 for a text that the format does not allow, 4341106 to 4341108, 4341115. */
export function textToBinary(text: string, given: BinaryFormat | undefined, subtype: unknown): Binary {
  const format = required(given, 'string', 'binData')
  const type = binaryType(subtype)
  const fails = (why: string): Error =>
    failure(`Failed to parse BinData '${text}' in $convert with no onError value: ${why}`)
  if ((format === 'uuid') !== (type === Binary.SUBTYPE_UUID))
    throw fails("Only the 'uuid' format is allowed with the UUID subtype")
  if (format === 'uuid') {
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw fails('Invalid UUID string')
    return new UUID(text)
  }
  if (!patterns[format]?.test(text)) throw fails(`Invalid format '${format}'`)
  return new Binary(Buffer.from(text, format as BufferEncoding), type)
}

/** Errors: 241 where the format does not fit what is in it, 4341115. */
export function binaryToText(value: Binary, given: BinaryFormat | undefined): string {
  const format = required(given, 'binData', 'string')
  const bytes = Buffer.from(binaryParts(value).bytes)
  const uuid = value.sub_type === Binary.SUBTYPE_UUID && bytes.length === 16
  if (uuid && (format === 'auto' || format === 'uuid')) return new UUID(bytes).toHexString(true)
  const fails = (why: string): Error =>
    failure(`Failed to convert '${bytes.toString('base64')}' to string in $convert with no onError value: ${why}`)
  if (format === 'uuid') throw fails('BinData does not represent a valid UUID')
  if (format === 'utf8' && !isUtf8(bytes)) throw fails('BinData does not represent a valid UTF-8 string')
  const text = bytes.toString(format === 'auto' ? 'base64' : format)
  return format === 'hex' ? text.toUpperCase() : text
}

/** Error: 241 for another subtype. */
export function sameBinary(value: Binary, subtype: unknown): Binary {
  if (value.sub_type !== binaryType(subtype))
    throw failure('Conversions between different BinData subtypes are not supported')
  return value
}
