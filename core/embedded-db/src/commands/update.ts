import type { Document } from 'bson'
import { stageOf } from '../aggregate/stages/stage-name.ts'
import { runStatements } from '../engine/writes/statements.ts'
import type { Statement } from '../engine/writes/statements.ts'
import type { UpdateResult } from '../engine/writes/update.ts'
import { collectionName, flag } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { isUnacknowledged } from './concerns.ts'
import { checkArrayFilters, checkUpdate, compileUpdateStatement, refuseSupplied } from './update-statement.ts'
import { checkHint, ReplyList, statementNumber, statementRun, writeStatements } from './write-arguments.ts'
import type { StatementShape } from './write-arguments.ts'

const STATEMENT: StatementShape = {
  fields: {
    q: 'object',
    u: checkUpdate,
    c: 'object',
    multi: 'bool',
    upsert: 'bool',
    arrayFilters: checkArrayFilters,
    collation: 'object',
    hint: checkHint,
    sort: 'object',
    upsertSupplied: refuseSupplied,
  },
  required: ['q', 'u'],
}

function compileOne(
  context: CommandContext,
  collection: string,
  one: Document,
  statement: number,
): Statement<UpdateResult> {
  return compileUpdateStatement(context, {
    database: context.database,
    collection,
    filter: one.q as Document,
    update: one.u,
    multi: flag(one.multi),
    upsert: flag(one.upsert),
    arrayFilters: one.arrayFilters,
    collation: one.collation,
    hint: one.hint,
    sort: one.sort,
    let: context.body.let,
    constants: one.c,
    statement,
  })
}

export const update: Command = {
  name: 'update',
  kinds: { ordered: 'bool', bypassDocumentValidation: 'flag', let: 'object' },
  fields: [
    'update',
    'updates',
    'ordered',
    'bypassDocumentValidation',
    'let',
    'stmtId',
    'stmtIds',
    'isTimeseriesNamespace',
    'bypassEmptyTsReplacement',
    'collectionUUID',
  ],
  transactional: true,
  async run(context) {
    const collection = collectionName(context)
    const statement = statementNumber(context)
    const errors = new ReplyList()
    const upserted = new ReplyList()
    let n = 0
    let nModified = 0
    const statements = await writeStatements(context, 'updates', STATEMENT)
    await runStatements({
      ...statementRun(context),
      count: statements.length,
      compile: (index) => compileOne(context, collection, statements[index] as Document, statement(index)),
      done(index, result) {
        if (result.upserted) upserted.add({ index, _id: result.upserted.id })
        n += result.upserted ? 1 : result.matched
        nModified += result.modified
      },
      failed: (index, error) => errors.addError(index, error),
    })
    // The server reads the stages of all pipelines again, to count them: what it cannot read there fails the command.
    for (const { u } of statements) if (Array.isArray(u)) (u as Document[]).forEach(stageOf)
    if (isUnacknowledged(context.body)) return { n: 0, nModified: 0 }
    return { n, nModified, upserted: upserted.finish(), writeErrors: errors.finish() }
  },
}
