import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import { RawValue } from '../bson/writer.ts'
import { encode } from '../bson/raw.ts'
import { CommandError, during } from '../errors.ts'
import { deleteDocument } from '../engine/documents.ts'
import { withFirst } from '../engine/writes/target.ts'
import type { UpdateResult } from '../engine/writes/update.ts'
import { compileProjection, type RawProjection } from '../projection/index.ts'
import { isOperatorObject } from '../match/operator-object.ts'
import { isObject } from '../values/types.ts'
import type { Reply } from '../wire/reply.ts'
import { collectionName, flag, optionalDocument, queryCollator } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { compileUpdateStatement } from './update-statement.ts'
import { statementNumber, targetOf } from './write-arguments.ts'

interface Outcome {
  value: RawDocument | undefined
  lastErrorObject: Document
}

/** Whether a projection shows the element that the query matched, `a.$`. */
function showsElement(fields: Document): boolean {
  return Object.entries(fields).some(
    ([name, inner]) => name.endsWith('.$') || (isObject(inner) && !isOperatorObject(inner) && showsElement(inner)),
  )
}

/** What is shown of the document: compiled before anything is changed, so that a mistake in it changes nothing. */
function projection(context: CommandContext, namespace: string): RawProjection | undefined {
  const fields = optionalDocument(context, 'fields')
  if (fields && flag(context.body.new) && showsElement(fields))
    throw new CommandError(2, 'BadValue', 'cannot use a positional projection and return the new document')
  return compileProjection(fields, {
    filter: optionalDocument(context, 'query') ?? {},
    collation: queryCollator(context.body.collation, context.source.collection(namespace)),
    let: optionalDocument(context, 'let'),
    now: new Date(),
  })
}

function reply(project: RawProjection | undefined, { value, lastErrorObject }: Outcome): Reply {
  const shown = value && project ? project(value) : value
  return { lastErrorObject, value: shown ? new RawValue(shown) : null }
}

async function remove(context: CommandContext, namespace: string): Promise<Outcome> {
  const target = targetOf(context, namespace, context.body.query ?? {}, {
    collation: context.body.collation,
    hint: context.body.hint,
    sort: context.body.sort,
    let: context.body.let,
  })
  const statement = statementNumber(context)(0)
  const value = await withFirst(context.mode, target, context.interrupt, (write, hit) => {
    const collection = write.collection(namespace)
    if (collection && hit) deleteDocument(write, collection, hit)
    context.statements.record(statement, { value: hit ? decode(hit.bytes) : null, lastErrorObject: { n: hit ? 1 : 0 } })
    context.statements.save(write)
    return hit?.bytes
  })
  return { value, lastErrorObject: { n: value ? 1 : 0 } }
}

async function change(context: CommandContext, collection: string): Promise<Outcome> {
  const { body } = context
  const statement = statementNumber(context)(0)
  const describe = (result: UpdateResult): Outcome => {
    const lastErrorObject: Document = { n: result.upserted ? 1 : result.matched, updatedExisting: result.matched > 0 }
    if (result.upserted) lastErrorObject.upserted = result.upserted.id
    return { lastErrorObject, value: flag(body.new) ? result.after : result.before }
  }
  const statementAlone = compileUpdateStatement(
    context,
    {
      database: context.database,
      collection,
      filter: (body.query ?? {}) as Document,
      update: body.update,
      multi: false,
      upsert: flag(body.upsert),
      arrayFilters: body.arrayFilters,
      collation: body.collation,
      hint: body.hint,
      sort: body.sort ?? undefined,
      let: body.let,
      statement,
    },
    (done) => {
      const { value, lastErrorObject } = describe(done)
      context.statements.record(statement, { value: value ? decode(value) : null, lastErrorObject })
    },
  )
  try {
    return describe(await statementAlone.alone())
  } catch (error) {
    throw during('Plan executor error during findAndModify', error)
  }
}

export const findAndModify: Command = {
  name: 'findAndModify',
  aliases: ['findandmodify'],
  kinds: {
    query: 'object',
    sort: 'object',
    fields: 'object',
    collation: 'object',
    let: 'object',
    remove: 'flag',
    new: 'flag',
    upsert: 'flag',
    bypassDocumentValidation: 'flag',
  },
  fields: [
    'findAndModify',
    'findandmodify',
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
    'stmtId',
    'collectionUUID',
  ],
  transactional: true,
  async run(context) {
    const name = collectionName(context)
    const namespace = `${context.database}.${name}`
    const { body } = context
    const removes = flag(body.remove)
    if (removes && body.update !== undefined)
      throw new CommandError(9, 'FailedToParse', 'Cannot specify both an update and remove=true')
    if (removes && flag(body.new))
      throw new CommandError(
        9,
        'FailedToParse',
        "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
      )
    if (removes && flag(body.upsert))
      throw new CommandError(9, 'FailedToParse', 'Cannot specify both upsert=true and remove=true')
    if (!removes && body.update === undefined)
      throw new CommandError(9, 'FailedToParse', 'Either an update or remove=true must be specified')
    if (removes && Array.isArray(body.arrayFilters))
      throw new CommandError(9, 'FailedToParse', 'Cannot specify arrayFilters and remove=true')
    const project = projection(context, namespace)
    const done = context.statements.done(statementNumber(context)(0))
    if (done)
      return reply(project, {
        value: done.value ? encode(done.value as Document) : undefined,
        lastErrorObject: done.lastErrorObject as Document,
      })
    return reply(project, removes ? await remove(context, namespace) : await change(context, name))
  },
}
