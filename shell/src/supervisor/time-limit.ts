/** The work did not end in time. It may still be running. */
export class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded'
  readonly limitMs: number

  constructor(limitMs: number) {
    super(`It took longer than ${limitMs} ms.`)
    this.limitMs = limitMs
  }
}

/** Settles with the work, or rejects after `limitMs`. A synchronous throw becomes a rejection. */
export async function withTimeLimit<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitExceeded(limitMs)), limitMs)
  })
  try {
    return await Promise.race([Promise.resolve().then(work), limit])
  } finally {
    clearTimeout(timer)
  }
}
