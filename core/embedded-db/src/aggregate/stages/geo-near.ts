import type { Document } from 'bson'
import { Double } from 'bson'
import { CommandError, notImplemented } from '../../errors.ts'
import { type Near, nearestAt, nearPoint } from '../../geo/near.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { approximateSize } from '../../values/size.ts'
import { isTruthy } from '../../values/truthy.ts'
import { isObject, typeName } from '../../values/types.ts'
import { mapSliced } from '../pacer.ts'
import { slicedSort } from '../sliced-sort.ts'
import { emit, MemoryBound } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'
import { compileBoundFilter } from './match.ts'
import { withValue } from './unwind.ts'

const FIELDS = [
  'near',
  'distanceField',
  'spherical',
  'key',
  'query',
  'minDistance',
  'maxDistance',
  'distanceMultiplier',
  'includeLocs',
]

/** @throws CommandError 14 for an option of another type */
function text(spec: Document, name: string): string | undefined {
  const value: unknown = spec[name]
  if (value === undefined || typeof value === 'string') return value
  throw new CommandError(
    14,
    'TypeMismatch',
    `$geoNear parameter '${name}' must be of type string but found type: ${typeName(value)}`,
  )
}

/** The point and the limits of a $geoNear. @throws CommandError 2 or 5860400 for what is no point */
export function geoNearPoint(spec: Document): Near {
  const unknown = Object.keys(spec).find((name) => !FIELDS.includes(name))
  if (unknown !== undefined) throw new CommandError(2, 'BadValue', `Unknown argument to $geoNear: ${unknown}`)
  if (spec.near === undefined) throw new CommandError(5860400, 'Location5860400', "$geoNear requires a 'near' argument")
  return nearPoint(spec.near, isTruthy(spec.spherical), { min: spec.minDistance, max: spec.maxDistance })
}

/** The engine names the field of a pipeline's own collection only. */
function withoutKey(): never {
  throw notImplemented("$geoNear without 'key' within another stage")
}

/** $geoNear on the field that `key` names; where it is left out, the engine has put the field of the index there. */
export const compileGeoNearStage: StageCompiler = (spec, { scope, memoryLimit }) => {
  if (!isObject(spec))
    throw new CommandError(10065, 'Location10065', 'invalid parameter: expected an object ($geoNear)')
  const near = geoNearPoint(spec)
  const key = text(spec, 'key')
  const distanceField = text(spec, 'distanceField')?.split('.')
  if (!distanceField)
    throw new CommandError(16606, 'Location16606', "$geoNear requires a 'distanceField' option as a String")
  const places = text(spec, 'includeLocs')?.split('.')
  const multiplier = isNumeric(spec.distanceMultiplier) ? toNumber(spec.distanceMultiplier) : 1
  const filter = compileBoundFilter(isObject(spec.query) ? spec.query : {}, scope)
  const nearest = key === undefined ? withoutKey : nearestAt(key, near)
  return async function* run(input, { variables, pacer }) {
    const found: { document: Document; distance: number; at: unknown }[] = []
    const bound = new MemoryBound('$geoNear', memoryLimit)
    for await (const batch of input) {
      filter.bind(variables)
      for (const document of batch) {
        const { distance, at } = nearest(document)
        if (distance < Number.POSITIVE_INFINITY && filter.test(document)) {
          bound.grow(approximateSize(document) + 64)
          found.push({ document, distance, at })
        }
        const rest = pacer.step()
        if (!rest) continue
        await rest
        filter.bind(variables)
      }
    }
    const sorted = await slicedSort(found, (a, b) => a.distance - b.distance, pacer)
    const results = await mapSliced(
      sorted,
      ({ document, distance, at }) => {
        const told = withValue(document, distanceField, new Double(distance * multiplier))
        return places ? withValue(told, places, at) : told
      },
      pacer,
    )
    yield* emit(results, pacer)
  }
}
