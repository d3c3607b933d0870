import { Long } from 'bson'
import type { Document } from 'bson'
import { slicedSort } from '../../aggregate/sliced-sort.ts'
import { decode } from '../../bson/decode.ts'
import { encode } from '../../bson/raw.ts'
import type { RawDocument } from '../../bson/types.ts'
import { CommandError } from '../../errors.ts'
import { indexKeysOf } from '../../keys/index-keys.ts'
import { setField } from '../../values/document.ts'
import type { Hit, Index } from '../collection.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import { Scan } from '../planner/scan.ts'
import { type Batch, ListSource } from './batch.ts'
import type { FindRequest } from './find-source.ts'

/** What some tools ask a find for besides documents. */
export interface KeyedOptions {
  /** Only the keys by which the index found each document, whatever else is asked for. */
  returnKey: boolean
  /** Each document's place, as $recordId. */
  showRecordId: boolean
}

const MEMORY = 100 * 1024 * 1024

/** A find whose results also tell how they were found; it gathers them all first, as only tools ask for them. */
export class KeyedFindSource {
  readonly scan: Scan
  private readonly request: FindRequest
  private readonly options: KeyedOptions
  private list: ListSource | undefined

  constructor(request: FindRequest, options: KeyedOptions) {
    this.request = request
    this.options = options
    this.scan = new Scan(request.collection, request.plan)
  }

  async fill(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    this.list ??= new ListSource(await this.gather(interrupt))
    return this.list.fill(batch)
  }

  close(): void {
    this.list?.close()
  }

  private async gather(interrupt: Interrupt): Promise<RawDocument[]> {
    const { query, source, sorter, skip, limit } = this.request
    const turns = new Turns(interrupt)
    let rows: { key: unknown[]; shown: RawDocument }[] = []
    let memory = 0
    while (!this.scan.done && (sorter !== undefined || rows.length < skip + limit)) {
      for (const hit of this.scan.resume(source.reader)) {
        if (query.matches(hit.bytes)) {
          const document = decode(hit.bytes)
          const shown = encode(this.show(document, hit))
          rows.push({ key: sorter ? sorter.keyOf(document) : [], shown })
          memory += shown.length
          if (memory > MEMORY)
            throw new CommandError(292, 'QueryExceededMemoryLimitNoDiskUseAllowed', 'the result is too large to gather')
        }
        if (turns.over || (!sorter && rows.length >= skip + limit)) break
      }
      if (!this.scan.done) await turns.next()
    }
    if (sorter) rows = await slicedSort(rows, (a, b) => sorter.compareKeys(a.key, b.key), turns)
    return rows.slice(skip, skip + limit).map((row) => row.shown)
  }

  private show(document: Document, hit: Hit): Document {
    const { plan, project } = this.request
    if (this.options.returnKey) return keyOf(document, plan.stage === 'IXSCAN' ? plan.index : undefined)
    const shown = project ? decode(project(hit.bytes)) : document
    if (this.options.showRecordId) setField(shown, '$recordId', Long.fromNumber(hit.record))
    return shown
  }
}

function keyOf(document: Document, index: Index | undefined): Document {
  const key: Document = {}
  const values = index && indexKeysOf(document, index.pattern).tuples[0]
  index?.fields.forEach((field, i) => setField(key, field, values?.[i] ?? null))
  return key
}
