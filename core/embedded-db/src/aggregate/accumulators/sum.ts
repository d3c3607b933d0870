import { type Decimal128, Double, Int32, Long } from 'bson'
import type { Decimal } from 'decimal.js'
import {
  Decimal34,
  exponentOf,
  fitsInt32,
  fitsInt64,
  isNumeric,
  toDecimal,
  toDecimal128,
  toNumber,
} from '../../values/number.ts'
import { bsonType, typeOf } from '../../values/types.ts'
import type { Accumulator } from './types.ts'

/** A sum that keeps integers exact, doubles compensated (Neumaier) and decimals in 34 digits, as MongoDB's $sum does. */
class MixedSum {
  count = 0
  private small = 0
  private big = 0n
  private double = 0
  private compensation = 0
  private decimal: Decimal | undefined
  private exponent = 0
  private widest: number = bsonType.int

  add(value: unknown): void {
    if (!isNumeric(value)) return
    this.count++
    const type = typeOf(value)
    if (type === bsonType.int) this.addSmall(toNumber(value))
    else if (type === bsonType.double) {
      this.addDouble(toNumber(value))
      if (this.widest !== bsonType.decimal) this.widest = bsonType.double
    } else if (type === bsonType.long) {
      this.big += BigInt(value.toString())
      if (this.widest === bsonType.int) this.widest = bsonType.long
    } else {
      this.decimal = (this.decimal ?? new Decimal34(0)).plus(toDecimal(value))
      this.exponent = Math.min(this.exponent, exponentOf(value))
      this.widest = bsonType.decimal
    }
  }

  private addSmall(value: number): void {
    this.small += value
    if (!Number.isSafeInteger(this.small)) {
      this.big += BigInt(this.small - value) + BigInt(value)
      this.small = 0
    }
  }

  private addDouble(value: number): void {
    const total = this.double + value
    if (Number.isFinite(total))
      this.compensation +=
        Math.abs(this.double) >= Math.abs(value) ? this.double - total + value : value - total + this.double
    this.double = total
  }

  private integers(): bigint {
    return this.big + BigInt(this.small)
  }

  private doubles(): number {
    return Number.isFinite(this.double) ? this.double + this.compensation : this.double
  }

  total(): Int32 | Long | Double | Decimal128 {
    const integers = this.integers()
    if (this.widest === bsonType.decimal) return toDecimal128(this.asDecimal(), this.exponent)
    if (this.widest === bsonType.double) return new Double(this.doubles() + Number(integers))
    if (this.widest === bsonType.int && fitsInt32(integers)) return new Int32(Number(integers))
    return fitsInt64(integers) ? Long.fromBigInt(integers) : new Double(Number(integers))
  }

  mean(): unknown {
    if (this.count === 0) return null
    if (this.widest === bsonType.decimal) return toDecimal128(this.asDecimal().div(this.count), this.exponent)
    return new Double((this.doubles() + Number(this.integers())) / this.count)
  }

  private asDecimal(): Decimal {
    const base = (this.decimal ?? new Decimal34(0)).plus(this.integers().toString())
    if (!Number.isFinite(this.double)) return base.plus(this.double)
    return base.plus(exactly(this.double).plus(exactly(this.compensation)))
  }
}

/** A double in 34 digits: a sum takes all that it holds, where other operators take 15. */
function exactly(value: number): Decimal {
  return new Decimal34(value.toPrecision(34))
}

export function sum(): Accumulator {
  const state = new MixedSum()
  return { add: (value) => state.add(value), result: () => state.total() }
}

export function average(): Accumulator {
  const state = new MixedSum()
  return { add: (value) => state.add(value), result: () => state.mean() }
}

export function tally(): Accumulator {
  let total = 0
  return {
    add: () => {
      total++
    },
    result: () => (total <= 0x7fffffff ? new Int32(total) : Long.fromNumber(total)),
  }
}
