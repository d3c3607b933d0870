/** What plugin code threw, as an Error of this realm: hapi knows no other, and code may throw anything. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const { message, stack } = (
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  ) as Partial<Error>
  const error = new Error(message ?? 'The plugin threw something that is no error.', { cause: thrown })
  if (stack !== undefined) error.stack = stack
  return error
}
