import { Decimal128, Double } from 'bson'
import { Decimal34, isNumeric, toDecimal, toDecimal128, toNumber } from '../../values/number.ts'
import { typeName } from '../../values/types.ts'
import { binary, fail, isNullish, type OperatorTable } from './define.ts'
import { realFunction } from './exponential.ts'

function domain(name: string, low: number, high: number, brackets = '[]'): (x: number) => void {
  return (x) => {
    if (x < low || x > high) {
      const bound = (n: number): string => (n === Infinity ? 'inf' : n === -Infinity ? '-inf' : String(n))
      throw fail(
        50989,
        `cannot apply ${name} to ${bound(x)}, value must be in ${brackets.charAt(0)}${bound(low)},${bound(high)}${brackets.charAt(1)}`,
      )
    }
  }
}

function arcTangent2(y: unknown, x: unknown): unknown {
  if (isNullish(y) || isNullish(x)) return null
  if (!isNumeric(y) || !isNumeric(x))
    throw fail(
      isNumeric(y) ? 51045 : 51044,
      `$atan2 only supports numeric types, not ${typeName(y)} and ${typeName(x)}`,
    )
  if (y instanceof Decimal128 || x instanceof Decimal128)
    return toDecimal128(Decimal34.atan2(toDecimal(y), toDecimal(x)))
  return new Double(Math.atan2(toNumber(y), toNumber(x)))
}

const pi = Decimal34.acos(-1)
const finite = (name: string): ((x: number) => void) => domain(name, -Number.MAX_VALUE, Number.MAX_VALUE, '()')

export const trigonometryOperators: OperatorTable = {
  $sin: realFunction('$sin', Math.sin, (x) => x.sin(), finite('$sin')),
  $cos: realFunction('$cos', Math.cos, (x) => x.cos(), finite('$cos')),
  $tan: realFunction('$tan', Math.tan, (x) => x.tan(), finite('$tan')),
  $asin: realFunction('$asin', Math.asin, (x) => x.asin(), domain('$asin', -1, 1)),
  $acos: realFunction('$acos', Math.acos, (x) => x.acos(), domain('$acos', -1, 1)),
  $atan: realFunction('$atan', Math.atan, (x) => x.atan()),
  $atan2: binary(arcTangent2),
  $sinh: realFunction('$sinh', Math.sinh, (x) => x.sinh()),
  $cosh: realFunction('$cosh', Math.cosh, (x) => x.cosh()),
  $tanh: realFunction('$tanh', Math.tanh, (x) => x.tanh()),
  $asinh: realFunction('$asinh', Math.asinh, (x) => x.asinh()),
  $acosh: realFunction('$acosh', Math.acosh, (x) => x.acosh(), domain('$acosh', 1, Infinity)),
  $atanh: realFunction('$atanh', Math.atanh, (x) => x.atanh(), domain('$atanh', -1, 1)),
  $degreesToRadians: realFunction(
    '$degreesToRadians',
    (x) => x * (Math.PI / 180),
    (x) => x.times(pi).div(180),
  ),
  $radiansToDegrees: realFunction(
    '$radiansToDegrees',
    (x) => x * (180 / Math.PI),
    (x) => x.times(180).div(pi),
  ),
}
