import { setFlagsFromString } from 'node:v8'

/**
 * Tells V8 that what a request makes is short-lived, before anything is compiled. It would else guess from the first seconds, in which
 * requests are slow and outlive a collection, that some of it lives long, and make that in the old part of the heap ever after
 * (docs/adr/0020).
 */
export function expectShortLives(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
