import { Long } from 'bson'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isNullish, fail, named, type OperatorTable } from './define.ts'
import { addUnits, timeUnit, truncate, unitsBetween, weekStart } from './date-units.ts'
import { dateOf, utc, type Zone, zoneOf } from './zone.ts'

/** Whether an argument that was given has no value: the result is then null, whatever else is wrong. */
function lacks(values: Record<string, unknown>, present: Record<string, unknown>): boolean {
  return Object.keys(present).some(
    (name) => (name !== 'startOfWeek' || values.unit === 'week') && isNullish(values[name]),
  )
}

function zoneArgument({ timezone }: Record<string, unknown>, present: Record<string, unknown>): Zone {
  return zoneOf(timezone, 'timezone' in present) ?? utc
}

function shift(sign: 1 | -1) {
  return named(['startDate', 'unit', 'amount'], ['timezone'], (values, present) => {
    if (lacks(values, present)) return null
    const { startDate, unit, amount } = values
    const number = isNumeric(amount) ? toNumber(amount) : Number.NaN
    if (!Number.isInteger(number)) throw fail(5166405, 'expects integer amount of time units')
    const start = dateOf(startDate, 5166403).getTime()
    const time = addUnits(start, timeUnit(unit, 5166404, 9), sign * number, zoneArgument(values, present))
    if (Number.isNaN(new Date(time).getTime())) throw fail(5166406, 'date overflow')
    return new Date(time)
  })
}

const difference = named(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], (values, present) => {
  if (lacks(values, present)) return null
  const zone = zoneArgument(values, present)
  const unit = timeUnit(values.unit)
  const [from, to] = [dateOf(values.startDate, 5166307).getTime(), dateOf(values.endDate, 5166307).getTime()]
  return Long.fromNumber(unitsBetween(from, to, unit, zone, unit === 'week' ? weekStart(values.startOfWeek) : 6))
})

const truncation = named(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (values, present) => {
  if (lacks(values, present)) return null
  const { date, binSize } = values
  const zone = zoneArgument(values, present)
  const unit = timeUnit(values.unit)
  const size = binSize === undefined ? 1 : isNumeric(binSize) ? toNumber(binSize) : Number.NaN
  if (!Number.isInteger(size)) throw fail(5439017, '$dateTrunc requires binSize to be a 64-bit integer')
  if (size <= 0) throw fail(5439018, '$dateTrunc requires binSize to be greater than 0')
  const start = unit === 'week' ? weekStart(values.startOfWeek) : 6
  return new Date(truncate(dateOf(date, 5439012).getTime(), unit, size, zone, start))
})

export const dateArithmeticOperators: OperatorTable = {
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: difference,
  $dateTrunc: truncation,
}
