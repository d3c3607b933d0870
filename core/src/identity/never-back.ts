import type { Clock } from '../ports.ts'

/**
 * A clock that goes on where the machine's is put back: what is limited in time would last that much longer. Forward it follows.
 * @param elapsedMs milliseconds that only go forward @param from where it begins, if the machine's clock is behind that
 */
export function neverBack(clock: Clock, elapsedMs = () => performance.now(), from = clock.now()): Clock {
  let last = { at: from.getTime(), elapsed: elapsedMs() }
  return {
    now() {
      const [said, elapsed] = [clock.now().getTime(), elapsedMs()]
      const at = said >= last.at ? said : last.at + (elapsed - last.elapsed)
      last = { at, elapsed }
      return new Date(at)
    },
  }
}
