const inputs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Reports real input of the person, at most once in `everyMs`. Synthetic events do not count.
 * @returns function that stops listening
 */
export function reportActivity(
  target: EventTarget,
  { everyMs, now, report }: { everyMs: number; now(): number; report(): void },
): () => void {
  let last = now()
  const seen = (event: Event) => {
    if (!event.isTrusted || now() - last < everyMs) return
    last = now()
    report()
  }
  for (const input of inputs) target.addEventListener(input, seen, { passive: true, capture: true })
  return () => {
    for (const input of inputs) target.removeEventListener(input, seen, { capture: true })
  }
}
