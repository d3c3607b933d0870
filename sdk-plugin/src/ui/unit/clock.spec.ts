import { effectScope, watchEffect } from 'vue'
import { useClock } from './clock.ts'

it('lets ages in seconds grow while nothing arrives, and rests when nobody looks', () => {
  jest.useFakeTimers()
  try {
    const since = Date.now()
    let age = 0
    const scope = effectScope()
    scope.run(() => {
      const tick = useClock()
      watchEffect(() => (age = (void tick.value, Date.now() - since)), { flush: 'sync' })
    })
    for (const seconds of [10, 30, 60]) {
      jest.setSystemTime(since)
      jest.advanceTimersByTime(seconds * 1000)
      expect(age).toBeGreaterThan((seconds - 6) * 1000)
    }
    scope.stop()
    expect(jest.getTimerCount()).toBe(0)
  } finally {
    jest.useRealTimers()
  }
})
