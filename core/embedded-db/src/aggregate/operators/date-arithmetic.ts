import { Long } from 'bson'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isNullish, fail, named, type OperatorTable } from './define.ts'
import { addUnits, timeUnit, truncate, unitsBetween, weekStart } from './date-units.ts'
import { dateOf, zoneOf } from './zone.ts'

function shift(sign: 1 | -1) {
  return named(['startDate', 'unit', 'amount'], ['timezone'], ({ startDate, unit, amount, timezone }, present) => {
    if (isNullish(startDate) || isNullish(unit) || isNullish(amount)) return null
    const zone = zoneOf(timezone, 'timezone' in present)
    if (!zone) return null
    const number = isNumeric(amount) ? toNumber(amount) : Number.NaN
    if (!Number.isInteger(number)) throw fail(5166405, 'expects integer amount of time units')
    const time = addUnits(dateOf(startDate, 5166403).getTime(), timeUnit(unit), sign * number, zone)
    if (Number.isNaN(new Date(time).getTime())) throw fail(5166406, 'date overflow')
    return new Date(time)
  })
}

const difference = named(
  ['startDate', 'endDate', 'unit'],
  ['timezone', 'startOfWeek'],
  ({ startDate, endDate, unit, timezone, startOfWeek }, present) => {
    if (isNullish(startDate) || isNullish(endDate) || isNullish(unit)) return null
    const zone = zoneOf(timezone, 'timezone' in present)
    const name = timeUnit(unit)
    if (!zone || (name === 'week' && 'startOfWeek' in present && isNullish(startOfWeek))) return null
    return Long.fromNumber(
      unitsBetween(
        dateOf(startDate, 5166307).getTime(),
        dateOf(endDate, 5166307).getTime(),
        name,
        zone,
        name === 'week' ? weekStart(startOfWeek) : 6,
      ),
    )
  },
)

const truncation = named(
  ['date', 'unit'],
  ['binSize', 'timezone', 'startOfWeek'],
  ({ date, unit, binSize, timezone, startOfWeek }, present) => {
    if (isNullish(date) || isNullish(unit) || ('binSize' in present && isNullish(binSize))) return null
    const zone = zoneOf(timezone, 'timezone' in present)
    const name = timeUnit(unit)
    if (!zone || (name === 'week' && 'startOfWeek' in present && isNullish(startOfWeek))) return null
    const size = binSize === undefined ? 1 : isNumeric(binSize) ? toNumber(binSize) : Number.NaN
    if (!Number.isInteger(size)) throw fail(5439017, '$dateTrunc requires binSize to be a 64-bit integer')
    if (size <= 0) throw fail(5439018, '$dateTrunc requires binSize to be greater than 0')
    return new Date(
      truncate(dateOf(date, 5439012).getTime(), name, size, zone, name === 'week' ? weekStart(startOfWeek) : 6),
    )
  },
)

export const dateArithmeticOperators: OperatorTable = {
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: difference,
  $dateTrunc: truncation,
}
