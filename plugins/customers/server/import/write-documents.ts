import type { ClientSession, Model } from 'mongoose'

interface Identified {
  readonly _id: string
}

type Target = Pick<Model<never>, 'collection'>

const duplicateKey = 11_000

/** Puts each document in the place of the one with its id, by the driver: they are made by `to-records.ts`, nothing is left to cast. */
export async function replaceAll(
  target: Target,
  documents: readonly Identified[],
  session?: ClientSession,
): Promise<void> {
  if (documents.length === 0) return
  const operations = documents.map((document) => ({
    replaceOne: { filter: { _id: document._id as never }, replacement: document, upsert: true },
  }))
  await target.collection.bulkWrite(operations, session === undefined ? { ordered: false } : { session })
}

/** Inserts what is new, which is cheaper than replacing; documents that another import wrote meanwhile are replaced. */
export async function insertAll(target: Target, documents: readonly Identified[]): Promise<void> {
  if (documents.length === 0) return
  try {
    await target.collection.insertMany(documents as never[], { ordered: false })
  } catch (error) {
    if ((error as { code?: unknown }).code !== duplicateKey) throw error
    await replaceAll(target, documents)
  }
}
