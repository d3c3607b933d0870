/** How often other work had its turn while the promise was pending, and what came of it. */
export async function turnsDuring<T>(run: () => Promise<T>): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0
  let running = true
  const tick = (): void => {
    turns++
    if (running) setImmediate(tick)
  }
  setImmediate(tick)
  try {
    const result = await run()
    return { turns, result }
  } finally {
    running = false
  }
}
