import type { IncomingMessage } from 'node:http'
import type { Overload } from '../overload.ts'

/** An event loop in virtual time: what it does takes so long and nothing else does, so the machine's speed plays no part. Times in ms. */
export interface LoopModel {
  readonly overload: Overload
  readonly requests: { underWay: number; answered: number }
  /** Of the loop, as the overload reads it. */
  readonly clock: { now: number; idle: number }
  /** Work for one answer, in three parts with two waits for a database between them. */
  readonly workMs: number
  readonly waitMs: number
  readonly refusalMs: number
}

/** Of one request: when it arrived, and how long until its answer. */
export interface Outcome {
  readonly at: number
  readonly ms: number
}

const parts = 3
/** The most that libuv takes from the kernel before it looks at its timers again. */
const oneTurn = 1024
const timerMs = 50
const request = { url: '/api/plugins/x' } as IncomingMessage

/** Runs until everything that arrived is answered. @param arrivals ascending */
export function runLoop(model: LoopModel, arrivals: readonly number[]): { answered: Outcome[]; refused: Outcome[] } {
  const { overload, requests, clock, workMs, waitMs, refusalMs } = model
  const answered: Outcome[] = []
  const refused: Outcome[] = []
  let waiting: { ready: number; at: number; part: number }[] = []
  let next = 0
  let timerAt = clock.now + timerMs

  const arrive = (at: number) => {
    requests.underWay += 1
    if (overload.refusal(request) === undefined) return work(at, 1)
    clock.now += refusalMs
    end(at, refused)
  }
  const work = (at: number, part: number) => {
    clock.now += workMs / parts
    if (part === parts) end(at, answered)
    else waiting.push({ ready: clock.now + waitMs / (parts - 1), at, part: part + 1 })
  }
  const end = (at: number, outcomes: Outcome[]) => {
    requests.underWay -= 1
    requests.answered += 1
    outcomes.push({ at, ms: clock.now - at })
  }

  while (next < arrivals.length || waiting.length > 0) {
    if (clock.now >= timerAt) {
      overload.look()
      timerAt = clock.now + timerMs
    }
    const begun = clock.now
    const ready = waiting.filter((one) => one.ready <= begun)
    waiting = waiting.filter((one) => one.ready > begun)
    let turn = 0
    while ((arrivals[next] ?? Infinity) <= begun && turn++ < oneTurn) arrive(arrivals[next++] as number)
    for (const { at, part } of ready) work(at, part)
    if (clock.now > begun) continue
    const until = Math.min(timerAt, arrivals[next] ?? Infinity, ...waiting.map((one) => one.ready))
    clock.idle += until - clock.now
    clock.now = until
  }
  return { answered, refused }
}
