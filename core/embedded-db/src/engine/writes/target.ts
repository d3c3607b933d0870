import type { Document } from 'bson'
import { decode } from '../../bson/decode.ts'
import { looksAtClock } from '../../aggregate/pacer.ts'
import { CommandError } from '../../errors.ts'
import type { Sorter } from '../../values/sort.ts'
import type { Collection, Hit } from '../collection.ts'
import { collectionGone } from '../collection-gone.ts'
import { SLICE_MS } from '../commit-queue.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import { recordKey } from '../keyspace.ts'
import { choosePlan } from '../planner/choose.ts'
import { Scan } from '../planner/scan.ts'
import { pointLookup } from '../query/point-lookup.ts'
import type { Query } from '../query/query.ts'
import type { ReadSource } from '../query/read-source.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import { LATER } from './statements.ts'

export interface Target {
  namespace: string
  query: Query
  hint: unknown
  sort: Document | undefined
  sorter: Sorter | undefined
}

function openScan(
  collection: Collection,
  source: Pick<ReadSource, 'reader'>,
  target: Target,
): { scan: Scan; sorted: boolean } {
  const plan = choosePlan(collection, source.reader, {
    filter: target.query.filter,
    sort: target.sort,
    collator: target.query.collator,
    hint: target.hint,
  })
  const inOrder = target.sort !== undefined && plan.sorted
  return { scan: new Scan(collection, plan), sorted: target.sorter === undefined || inOrder }
}

/** The first hit in the target's order among those seen, or undefined. */
class Best {
  hit: Hit | undefined
  private key: unknown[] = []

  offer(hit: Hit, sorter: Sorter | undefined): void {
    const key = sorter ? sorter.keyOf(decode(hit.bytes)) : []
    if (this.hit && sorter && sorter.compareKeys(key, this.key) >= 0) return
    this.hit = hit
    this.key = key
  }
}

function firstWithin(
  context: WriteContext,
  collection: Collection,
  target: Target,
  until: number,
): Hit | undefined | typeof LATER {
  const plain = target.hint === undefined && target.query.collator === undefined
  const point = plain ? pointLookup(collection, context, target.query.filter) : undefined
  if (point) return point.hit
  const { scan, sorted } = openScan(collection, { reader: context }, target)
  const best = new Best()
  let steps = 0
  for (const hit of scan.resume(context)) {
    if (target.query.matches(hit.bytes)) {
      best.offer(hit, target.sorter)
      if (sorted) return hit
    }
    if (looksAtClock(++steps) && performance.now() > until) return LATER
  }
  return scan.done ? best.hit : LATER
}

async function firstOutside(
  source: ReadSource,
  collection: Collection,
  target: Target,
  interrupt: Interrupt,
): Promise<Hit | undefined> {
  const { scan, sorted } = openScan(collection, source, target)
  const best = new Best()
  const turns = new Turns(interrupt)
  while (!scan.done) {
    for (const hit of scan.resume(source.reader)) {
      if (target.query.matches(hit.bytes)) {
        best.offer(hit, target.sorter)
        if (sorted) return hit
      }
      if (turns.over) break
    }
    if (!scan.done) await turns.next()
  }
  return best.hit
}

/** Acts on the first matching document, or on none; LATER when the search would take longer than until the time given. */
export function firstNow<T>(
  context: WriteContext,
  target: Target,
  until: number,
  action: (context: WriteContext, hit: Hit | undefined) => T,
): T | typeof LATER {
  const collection = context.collection(target.namespace)
  const found = collection && firstWithin(context, collection, target, until)
  return found === LATER ? LATER : action(context, found)
}

/** More documents than this are not changed in one go. */
const FEW = 64

/** How far a statement on few documents has come, for when a transaction in the way makes it begin again. */
export class FewTargets {
  private readonly target: Target
  private records: number[] | undefined
  private next = 0

  constructor(target: Target) {
    this.target = target
  }

  /** Acts on every matching document when they are few and soon found; false otherwise, with nothing changed. */
  each(
    context: WriteContext,
    until: number,
    action: (context: WriteContext, collection: Collection, hit: Hit) => void,
  ): boolean {
    const collection = context.collection(this.target.namespace)
    if (!collection) return true
    this.records ??= this.find(context, collection, until)
    if (!this.records) return false
    for (; this.next < this.records.length; this.next++) {
      const record = this.records[this.next] as number
      const bytes = context.get(recordKey(collection.table, record))
      if (bytes && this.target.query.matches(bytes)) action(context, collection, { record, bytes })
    }
    return true
  }

  private find(context: WriteContext, collection: Collection, until: number): number[] | undefined {
    const { scan } = openScan(collection, { reader: context }, this.target)
    const records: number[] = []
    let steps = 0
    for (const hit of scan.resume(context)) {
      if (this.target.query.matches(hit.bytes) && records.push(hit.record) > FEW) return undefined
      if (looksAtClock(++steps) && performance.now() > until) return undefined
    }
    return scan.done ? records : undefined
  }
}

/**
 * Finds the first matching document and acts on it in one commit; `action` gets undefined when there is none. A search
 * too long for a commit is made outside, and what it found is checked again inside.
 */
export async function withFirst<T>(
  mode: WriteMode,
  target: Target,
  interrupt: Interrupt,
  action: (context: WriteContext, hit: Hit | undefined) => T,
): Promise<T> {
  let candidate: Hit | undefined
  let searched = false
  for (;;) {
    interrupt.check()
    const outcome = await mode.run((context): { value: T } | typeof LATER => {
      const collection = context.collection(target.namespace)
      if (!collection) return { value: action(context, undefined) }
      if (searched) {
        const bytes = candidate && context.get(recordKey(collection.table, candidate.record))
        if (candidate && bytes && target.query.matches(bytes))
          return { value: action(context, { record: candidate.record, bytes }) }
        if (!candidate) return { value: action(context, undefined) }
      }
      const found = firstWithin(context, collection, target, performance.now() + SLICE_MS)
      return found === LATER ? LATER : { value: action(context, found) }
    })
    if (outcome !== LATER) return outcome.value
    const collection = mode.source.collection(target.namespace)
    candidate = collection && (await firstOutside(mode.source, collection, target, interrupt))
    searched = true
  }
}

/** Acts on every document that matches, in as many commits as time slices need; each is checked again where it is changed. */
export async function withEach(
  mode: WriteMode,
  target: Target,
  interrupt: Interrupt,
  action: (context: WriteContext, collection: Collection, hit: Hit) => void,
): Promise<void> {
  const collection = mode.source.collection(target.namespace)
  if (!collection) {
    if (mode.source.view(target.namespace))
      throw new CommandError(
        166,
        'CommandNotSupportedOnView',
        `Namespace ${target.namespace} is a view, not a collection`,
      )
    return
  }
  const records = await matchingRecords(mode.source, collection, target, interrupt)
  let next = 0
  while (next < records.length) {
    interrupt.check()
    await mode.run((context) => {
      const current = context.collection(target.namespace)
      // Definitions are read anew after a commit of others that failed.
      if (current?.table !== collection.table) throw collectionGone(collection, target.namespace)
      const until = performance.now() + SLICE_MS
      while (next < records.length && performance.now() < until) {
        const record = records[next] as number
        const bytes = context.get(recordKey(current.table, record))
        if (bytes && target.query.matches(bytes)) action(context, current, { record, bytes })
        next++
      }
    })
  }
}

async function matchingRecords(
  source: ReadSource,
  collection: Collection,
  target: Target,
  interrupt: Interrupt,
): Promise<number[]> {
  const { scan } = openScan(collection, source, target)
  const records: number[] = []
  const turns = new Turns(interrupt)
  while (!scan.done) {
    for (const hit of scan.resume(source.reader, true)) {
      if (target.query.matches(hit.bytes)) records.push(hit.record)
      if (turns.over) break
    }
    if (!scan.done) await turns.next()
  }
  return records
}
