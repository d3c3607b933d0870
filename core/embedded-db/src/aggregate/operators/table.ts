import { accumulatorOperators } from './accumulator.ts'
import { arithmeticOperators } from './arithmetic.ts'
import { arrayOperators } from './array.ts'
import { arrayFunctionOperators } from './array-functions.ts'
import { bitwiseOperators } from './bitwise.ts'
import { comparisonOperators } from './comparison.ts'
import { conditionalOperators } from './conditional.ts'
import { convertOperators } from './convert.ts'
import { dateArithmeticOperators } from './date-arithmetic.ts'
import { dateFormatOperators } from './date-format.ts'
import { datePartOperators } from './date-parts.ts'
import type { OperatorCompiler } from './define.ts'
import { exponentialOperators } from './exponential.ts'
import { objectOperators } from './object.ts'
import { regexOperators } from './regex.ts'
import { roundingOperators } from './rounding.ts'
import { setOperators } from './set.ts'
import { stringOperators } from './string.ts'
import { trigonometryOperators } from './trigonometry.ts'
import { typeOperators } from './type.ts'
import { variableOperators } from './variable.ts'

/** Every expression operator by name. */
export const operatorTable: ReadonlyMap<string, OperatorCompiler> = new Map(
  Object.entries({
    ...accumulatorOperators,
    ...arithmeticOperators,
    ...arrayOperators,
    ...arrayFunctionOperators,
    ...bitwiseOperators,
    ...comparisonOperators,
    ...conditionalOperators,
    ...convertOperators,
    ...dateArithmeticOperators,
    ...dateFormatOperators,
    ...datePartOperators,
    ...exponentialOperators,
    ...objectOperators,
    ...regexOperators,
    ...roundingOperators,
    ...setOperators,
    ...stringOperators,
    ...trigonometryOperators,
    ...typeOperators,
    ...variableOperators,
  }),
)
