import { CommandError } from '../errors.ts'
import { isNumeric } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'

/** What a field of a command or of a statement holds; a flag may be a number too. */
export type Kind = 'bool' | 'flag' | 'object' | 'string'

const KINDS: Record<Kind, { is: (value: unknown) => boolean; expected: string }> = {
  bool: { is: (value) => typeof value === 'boolean', expected: "type 'bool'" },
  flag: {
    is: (value) => typeof value === 'boolean' || isNumeric(value),
    expected: "types '[bool, long, int, decimal, double]'",
  },
  object: { is: isObject, expected: "type 'object'" },
  string: { is: (value) => typeof value === 'string', expected: "type 'string'" },
}

/** @throws CommandError 14 for a value of another kind; null passes, as a missing field does */
export function checkKind(path: string, kind: Kind, value: unknown): void {
  const { is, expected } = KINDS[kind]
  if (value !== null && !is(value))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field '${path}' is the wrong type '${typeName(value)}', expected ${expected}`,
    )
}
