/** What a household does at the same time. */
export interface Household {
  readonly people: number
  readonly streams: number
}

export interface Estimate {
  /** Download speed that is enough, in Mbit/s. */
  readonly megabits: number
  readonly technology: 'mobile' | 'fibre'
}

const perPerson = 5
const perStream = 25
/** Above this, a cell cannot be relied on at the busy hour. */
const mobileLimit = 100

/** The speed that a household needs, and the technology that carries it. */
export function estimate({ people, streams }: Household): Estimate {
  const megabits = people * perPerson + streams * perStream
  return { megabits, technology: megabits > mobileLimit ? 'fibre' : 'mobile' }
}
