import { type Reason, ReasonedError } from '../journal/reasons.ts'

/** A version that must not run, by the kill switch or by what the registry says of it. */
export class Barred extends ReasonedError {
  constructor(why: Reason) {
    super(why)
    this.name = 'Barred'
  }
}
