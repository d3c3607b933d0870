import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { describe } from '../values/document.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { asDocument, isObject } from '../values/types.ts'
import { flatPoint, GeometryError, parseGeometry } from './geometry.ts'

/** The values at a path, with fan-out through arrays of documents; an array at its end is one value. */
function valuesAt(value: unknown, names: readonly string[]): unknown[] {
  if (names.length === 0) return value === undefined || value === null ? [] : [value]
  if (Array.isArray(value)) return value.flatMap((item: unknown) => (isObject(item) ? valuesAt(item, names) : []))
  const [name = '', ...rest] = names
  return isObject(value) ? valuesAt(asDocument(value)[name], rest) : []
}

function cannotExtract(document: Document, reason: string): CommandError {
  return new CommandError(16755, 'Location16755', `Can't extract geo keys: ${describe(document)}  ${reason}`)
}

function checkSpherical(value: unknown, document: Document): void {
  try {
    const { flat, parts } = parseGeometry(value)
    if (!parts) throw new GeometryError(`longitude/latitude is out of bounds, lng: ${flat?.[0]} lat: ${flat?.[1]}`)
  } catch (error) {
    throw error instanceof GeometryError ? cannotExtract(document, error.message) : error
  }
}

/** A legacy point, or an array of them. */
function checkFlat(value: unknown, low: number, high: number): void {
  const many = Array.isArray(value) && !isNumeric(value[0])
  for (const point of many ? (value as unknown[]) : [value]) {
    const [x, y] = legacyPoint(point)
    if (x < low || x >= high || y < low || y >= high)
      throw new CommandError(
        13027,
        'Location13027',
        `point not in interval of [ ${low}, ${high} ] :: caused by :: ${describe(point)}`,
      )
  }
}

function legacyPoint(value: unknown): [number, number] {
  try {
    return flatPoint(value)
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error
    throw new CommandError(13026, 'Location13026', `geo values must be 'legacy coordinate pairs' for 2d indexes`)
  }
}

/** What a geospatial index demands of a document; undefined for other indexes. @throws CommandError 16755, 13026, 13027 */
export function geoIndexCheck(spec: Document): ((document: Document) => void) | undefined {
  const fields = Object.entries(spec.key as Document).filter(([, kind]) => kind === '2d' || kind === '2dsphere')
  if (fields.length === 0) return undefined
  const bound = (name: string, otherwise: number): number => (isNumeric(spec[name]) ? toNumber(spec[name]) : otherwise)
  const [low, high] = [bound('min', -180), bound('max', 180)]
  return (document) => {
    for (const [path, kind] of fields)
      for (const value of valuesAt(document, path.split('.'))) {
        if (kind === '2d') checkFlat(value, low, high)
        else checkSpherical(value, document)
      }
  }
}
