import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { approximateSize } from '../values/size.ts'
import type { Pacer } from './pacer.ts'
import type { Variables } from './scope.ts'
import type { Documents } from './types.ts'

/** Documents on their way through a pipeline, in batches: one await per batch, not per document. */
export type Batches = AsyncIterable<Document[]>

/** What a stage has at hand while it runs. */
export interface RunContext {
  readonly variables: Variables
  readonly pacer: Pacer
}

export type StageRun = (input: Batches, context: RunContext) => Batches

const firstBatch = 16
const fullBatch = 256

/** Cuts a source into growing batches; small ones first, so that a small limit reads little. */
export async function* toBatches(source: Documents, pacer: Pacer): AsyncGenerator<Document[], void, void> {
  yield* Symbol.iterator in source ? slices(source, pacer) : pages(source, pacer)
}

async function* pages(
  source: AsyncIterable<Document | Document[]>,
  pacer: Pacer,
): AsyncGenerator<Document[], void, void> {
  let size = firstBatch
  let batch: Document[] = []
  for await (const page of source) {
    if (Array.isArray(page)) {
      if (page.length > 0) yield page as Document[]
    } else {
      batch.push(page)
      if (batch.length < size) continue
      yield batch
      batch = []
      size = Math.min(size * 2, fullBatch)
    }
    const rest = pacer.rest()
    if (rest) await rest
  }
  if (batch.length > 0) yield batch
}

/** A synchronous source gives way to other work whenever its slice of time is over, even within a batch. */
async function* slices(source: Iterable<Document>, pacer: Pacer): AsyncGenerator<Document[], void, void> {
  let size = firstBatch
  let batch: Document[] = []
  for (const document of source) {
    batch.push(document)
    if (batch.length === size) {
      yield batch
      batch = []
      size = Math.min(size * 2, fullBatch)
    }
    const rest = pacer.step()
    if (rest) await rest
  }
  if (batch.length > 0) yield batch
}

/** A stage that makes each document into another, or leaves it out (undefined). */
export function eachDocument(apply: (document: Document, variables: Variables) => Document | undefined): StageRun {
  return async function* run(input, { variables, pacer }) {
    for await (const batch of input) {
      const output: Document[] = []
      for (const document of batch) {
        const result = apply(document, variables)
        if (result !== undefined) output.push(result)
        const rest = pacer.step()
        if (rest) await rest
      }
      if (output.length > 0) yield output
    }
  }
}

/** Emits finished documents in batches, resting between them. */
export async function* emit(documents: Iterable<Document>, pacer: Pacer): AsyncGenerator<Document[], void, void> {
  yield* toBatches(documents, pacer)
}

/** Counts the bytes that a blocking stage holds. Error: 292 past the limit. */
export class MemoryBound {
  private used = 0
  private readonly limit: number
  private readonly stage: string

  constructor(stage: string, limit: number) {
    this.stage = stage
    this.limit = limit
  }

  grow(bytes: number): void {
    this.used += bytes
    if (this.used > this.limit) {
      throw new CommandError(
        292,
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        `Exceeded memory limit for ${this.stage}, but didn't allow external spilling; the limit is ${this.limit} bytes and the embedded database does not spill to disk`,
      )
    }
  }

  /** Counts a document and passes it on. */
  hold(document: Document): Document {
    this.grow(approximateSize(document) + 32)
    return document
  }
}

/** All documents of a stream, within the bound. */
export async function collect(input: Batches, bound: MemoryBound): Promise<Document[]> {
  const documents: Document[] = []
  for await (const batch of input) for (const document of batch) documents.push(bound.hold(document))
  return documents
}
