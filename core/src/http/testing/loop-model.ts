import type { IncomingMessage } from 'node:http'
import type { Overload } from '../overload.ts'
import { Turns } from '../turns.ts'

/** An event loop in virtual time: what it does takes so long and nothing else does, so the machine's speed plays no part. Times in ms. */
export interface LoopModel {
  readonly overload: Overload
  readonly requests: { underWay: number; answered: number }
  /** Of the loop, as the overload reads it. */
  readonly clock: { now: number; idle: number }
  /** Work for one answer, in three parts with two waits for a database between them. */
  readonly workMs: number
  readonly waitMs: number
  /** To read a request, and to refuse it. */
  readonly readMs: number
  readonly refusalMs: number
}

/** Requests that come whatever happens, ascending, and clients who ask from the beginning, and until a time again as soon as they are answered. */
export interface Offered {
  readonly arrivals?: readonly number[]
  readonly clients?: number
  readonly until?: number
}

interface Arrival {
  readonly at: number
  readonly again: boolean
}

/** Of one request: when it arrived, and how long until its answer. */
export interface Outcome {
  readonly at: number
  readonly ms: number
}

export interface Run {
  readonly answered: Outcome[]
  readonly refused: Outcome[]
  /** Between one look at the timers and the next. */
  readonly longestTurnMs: number
}

const parts = 3
/** The most that libuv takes from the kernel at once, and so often it does when there is more, before it looks at its timers again. */
const [oneRound, rounds] = [1024, 48]
const timerMs = 50
const request = { url: '/api/plugins/x' } as IncomingMessage

/** Runs until everything that arrived is answered. */
export function runLoop(model: LoopModel, { arrivals = [], clients = 0, until = 0 }: Offered): Run {
  const { overload, requests, clock, workMs, waitMs, readMs, refusalMs } = model
  const run = { answered: [] as Outcome[], refused: [] as Outcome[], longestTurnMs: 0 }
  const immediates: (() => void)[] = []
  const loop = { now: () => clock.now, next: (work: () => void) => void immediates.push(work) }
  const turns = new Turns((...one) => overload.refusal(...one), loop)
  const came = new Due(arrivals.map((at) => ({ at, again: false })))
  const asked = new Due(Array.from({ length: clients }, () => ({ at: clock.now, again: true })))
  const ready = new Due<{ at: number; work: () => void }>([])
  let timerAt = clock.now + timerMs

  const arrive = (one: Arrival) => {
    clock.now += readMs
    requests.underWay += 1
    turns.begin(request, (refused) => {
      if (!refused) return work(one, 1)
      clock.now += refusalMs
      end(one, run.refused)
    })
  }
  const work = (one: Arrival, part: number) => {
    clock.now += workMs / parts
    if (part === parts) end(one, run.answered)
    else ready.push({ at: clock.now + waitMs / (parts - 1), work: () => work(one, part + 1) })
  }
  const end = ({ at, again }: Arrival, outcomes: Outcome[]) => {
    requests.underWay -= 1
    requests.answered += 1
    outcomes.push({ at, ms: clock.now - at })
    if (again && clock.now < until) asked.push({ at: clock.now, again })
  }
  /** What the kernel has, the oldest first. */
  const events = () => [
    ...ready.due(clock.now).map(({ work: run }) => run),
    ...[...asked.due(clock.now), ...came.due(clock.now)].map((one) => () => arrive(one)),
  ]

  const queues = [came, asked, ready]
  while (immediates.length > 0 || queues.some(({ first }) => first < Infinity)) {
    const begun = clock.now
    if (begun >= timerAt) {
      overload.look()
      timerAt = begun + timerMs
    }
    for (let round = 0; round < rounds; round += 1) {
      const batch = events()
      for (const event of batch) event()
      if (batch.length < oneRound) break
    }
    for (const immediate of immediates.splice(0)) immediate()
    run.longestTurnMs = Math.max(run.longestTurnMs, clock.now - begun)
    if (clock.now > begun || immediates.length > 0) continue
    const soonest = Math.min(timerAt, ...queues.map(({ first }) => first))
    clock.idle += soonest - clock.now
    clock.now = soonest
  }
  return run
}

/** In the order of their times. */
class Due<T extends { readonly at: number }> {
  readonly #items: T[]
  #head = 0

  constructor(items: T[]) {
    this.#items = items
  }

  get first(): number {
    return this.#items[this.#head]?.at ?? Infinity
  }

  push(item: T): void {
    this.#items.push(item)
  }

  due(now: number): T[] {
    const from = this.#head
    while (this.first <= now && this.#head - from < oneRound) this.#head += 1
    return this.#items.slice(from, this.#head)
  }
}
