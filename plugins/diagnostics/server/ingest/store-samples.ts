import type { SampleDocument } from '../series/sample.ts'
import type { Stores } from '../stores.ts'

const duplicateKey = 11_000

interface BulkFailure {
  readonly writeErrors: readonly { readonly code: number; readonly index: number }[]
}

export interface StoredSamples {
  /** The samples that were new, in their order. */
  readonly fresh: readonly SampleDocument[]
  /** Samples whose source and sequence name another measurement: they were not stored, and are no repetition. */
  readonly contradicting: ReadonlySet<SampleDocument>
}

/**
 * Inserts what is not there yet; durable (majority, journalled) when it resolves. Of a repetition within the chunk the first counts.
 * @throws what the database throws for any reason other than a duplicate
 */
export async function storeSamples(stores: Stores, samples: readonly SampleDocument[]): Promise<StoredSamples> {
  const firsts = new Map(samples.toReversed().map((sample) => [sample._id, sample]))
  const distinct = samples.filter((sample) => firsts.get(sample._id) === sample)
  const fresh = await insertNew(stores, distinct)
  const kept = new Map(fresh.map((sample) => [sample._id, sample]))
  const repeated = distinct.map(({ _id }) => _id).filter((_id) => !kept.has(_id))
  if (repeated.length > 0) {
    for await (const known of stores.samples.find({ _id: { $in: repeated } })) kept.set(known._id, known)
  }
  const contradicting = samples.filter((sample) => {
    const first = kept.get(sample._id) ?? sample
    return first !== sample && !isSame(sample, first)
  })
  return { fresh, contradicting: new Set(contradicting) }
}

async function insertNew(stores: Stores, samples: readonly SampleDocument[]): Promise<readonly SampleDocument[]> {
  if (samples.length === 0) return []
  try {
    await stores.samples.insertMany([...samples], { ordered: false, writeConcern: { w: 'majority', journal: true } })
    return samples
  } catch (error) {
    if (!isBulkFailure(error) || error.writeErrors.some((fault) => fault.code !== duplicateKey)) throw error
    const known = new Set(error.writeErrors.map((fault) => fault.index))
    return samples.filter((_, index) => !known.has(index))
  }
}

/** Whether both are the same measurement, whenever it came in. */
function isSame(one: SampleDocument, other: SampleDocument): boolean {
  const [metrics, others] = [Object.entries(one.metrics), new Map(Object.entries(other.metrics))]
  return (
    one.serviceId === other.serviceId &&
    one.at.getTime() === other.at.getTime() &&
    metrics.length === others.size &&
    metrics.every(([metric, value]) => others.get(metric) === value)
  )
}

function isBulkFailure(error: unknown): error is BulkFailure {
  if (!(error instanceof Error) || !('writeErrors' in error)) return false
  const { writeErrors } = error
  return Array.isArray(writeErrors) && writeErrors.length > 0
}
