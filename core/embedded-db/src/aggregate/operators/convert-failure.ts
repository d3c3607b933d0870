import { CommandError } from '../../errors.ts'

/** What `onError` of $convert answers for. */
export function failure(message: string): CommandError {
  return new CommandError(241, 'ConversionFailure', message)
}
