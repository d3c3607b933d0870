import type { SampleDocument } from '../series/sample.ts'
import type { Stores } from '../stores.ts'

const duplicateKey = 11_000

interface BulkFailure {
  readonly writeErrors: readonly { readonly code: number; readonly index: number }[]
}

/**
 * Inserts what is not there yet; durable (majority, journalled) when it resolves.
 * @returns the samples that were new, in their order
 * @throws what the database throws for any reason other than a duplicate
 */
export async function storeSamples(stores: Stores, samples: readonly SampleDocument[]): Promise<SampleDocument[]> {
  // A repetition within the chunk is a duplicate like any other; the first one counts.
  const distinct = [...new Map(samples.toReversed().map((sample) => [sample._id, sample])).values()].reverse()
  if (distinct.length === 0) return []
  try {
    await stores.samples.insertMany(distinct, { ordered: false, writeConcern: { w: 'majority', journal: true } })
    return distinct
  } catch (error) {
    if (!isBulkFailure(error) || error.writeErrors.some((fault) => fault.code !== duplicateKey)) throw error
    const known = new Set(error.writeErrors.map((fault) => fault.index))
    return distinct.filter((_, index) => !known.has(index))
  }
}

function isBulkFailure(error: unknown): error is BulkFailure {
  if (!(error instanceof Error) || !('writeErrors' in error)) return false
  const { writeErrors } = error
  return Array.isArray(writeErrors) && writeErrors.length > 0
}
