import { Problem } from '@dcesop/sdk-plugin'
import type { Request } from '@hapi/hapi'

/**
 * Leaves hapi a range that it serves, and takes away every other, as RFC 9110 wants it: another unit, several ranges, and what is
 * no range. hapi would answer them with an error of its own form, and count a suffix longer than the file from before its beginning.
 * @param etag with its quotes
 * @throws Problem 416 for a range behind the end
 */
export function heedRange({ headers, method }: Request, size: number, etag: string): void {
  const [asked, condition] = [headers['range'] as string | undefined, headers['if-range'] as string | undefined]
  delete headers['range']
  if (asked === undefined || method !== 'get' || (condition !== undefined && condition !== etag)) return
  const range = byteRange(asked, size)
  if (!range) return
  if (range.from >= size)
    throw new Problem(416, 'range_not_satisfiable', `The file has ${size} bytes.`, { extensions: { size } })
  headers['range'] = `bytes=${range.from}-${range.to}`
}

function byteRange(text: string, size: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(text.trim()) ?? []
  if (first === '')
    return last === ''
      ? undefined
      : { from: Number(last) === 0 ? size : Math.max(size - Number(last), 0), to: size - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  return { from: Number(first), to: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
