import type { Collection, Db } from 'mongodb'

/** Where each method of a collection takes its options. */
const optionsAt: Readonly<Record<string, number>> = {
  aggregate: 1,
  bulkWrite: 1,
  countDocuments: 1,
  deleteMany: 1,
  deleteOne: 1,
  distinct: 2,
  estimatedDocumentCount: 0,
  find: 1,
  findOne: 1,
  findOneAndDelete: 1,
  findOneAndReplace: 2,
  findOneAndUpdate: 2,
  insertMany: 1,
  insertOne: 1,
  replaceOne: 2,
  updateMany: 2,
  updateOne: 2,
  watch: 1,
}

type Method = (...parameters: unknown[]) => unknown

/** From here on each command through the database says for whom it is: the database's logs and `currentOp` show the comment. */
export function commentCommands(database: Db, text: () => string): void {
  const open = database.collection.bind(database) as Method
  Object.assign(database, { collection: (...given: unknown[]) => commented(open(...given) as Collection, text) })
}

function commented(collection: Collection, text: () => string): Collection {
  const methods = collection as unknown as Record<string, Method>
  for (const [name, at] of Object.entries(optionsAt)) {
    const plain = (methods[name] as Method).bind(collection)
    methods[name] = (...parameters) => {
      // What the plugin itself says comes first.
      parameters[at] = { comment: text(), ...(parameters[at] as object | undefined) }
      return plain(...parameters)
    }
  }
  return collection
}
