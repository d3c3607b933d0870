import type { Document } from 'bson'
import { encode } from '../bson/raw.ts'
import { CommandError } from '../errors.ts'
import { checkNamespace } from '../engine/engine.ts'
import { deleteMatching } from '../engine/writes/delete.ts'
import { insertDocuments } from '../engine/writes/insert.ts'
import { ListSource } from '../engine/query/batch.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { flag } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'
import { runUpdate } from './update-statement.ts'
import { statementNumber, targetOf, writeStatements } from './write-arguments.ts'

interface Totals {
  nInserted: number
  nMatched: number
  nModified: number
  nUpserted: number
  nDeleted: number
  nErrors: number
}

interface Namespace {
  database: string
  collection: string
}

const OPERATION_FIELDS: Record<string, ReadonlySet<string>> = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'collation',
    'constants',
    'sort',
    'upsertSupplied',
    'sampleId',
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'hint', 'collation', 'sampleId']),
}

function namespacesOf(context: CommandContext): Namespace[] {
  return writeStatements(context, 'nsInfo').map(({ ns }) => {
    const text = String(ns)
    const dot = text.indexOf('.')
    if (dot < 1) throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified for bulkWrite: '${text}'`)
    const namespace = { database: text.slice(0, dot), collection: text.slice(dot + 1) }
    checkNamespace(namespace.database, namespace.collection)
    return namespace
  })
}

/** Runs one operation; returns its row for the results cursor. */
async function runOperation(
  context: CommandContext,
  operation: Document,
  namespaces: readonly Namespace[],
  index: number,
  totals: Totals,
): Promise<Document> {
  const kind = Object.keys(operation)[0] ?? ''
  const fields = OPERATION_FIELDS[kind]
  if (!fields) throw new CommandError(40415, 'Location40415', `BSON field 'bulkWrite.ops.${kind}' is an unknown field.`)
  const unknown = Object.keys(operation).find((field) => !fields.has(field))
  if (unknown)
    throw new CommandError(40415, 'Location40415', `BSON field 'bulkWrite.ops.${unknown}' is an unknown field.`)
  const namespace = isNumeric(operation[kind]) ? namespaces[toNumber(operation[kind])] : undefined
  if (!namespace) throw new CommandError(2, 'BadValue', `BulkWrite ops entry ${index} has an invalid nsInfo index.`)
  const statement = statementNumber(context)(index)
  const name = `${namespace.database}.${namespace.collection}`
  if (kind === 'insert') return insertOne(context, operation, namespace, statement, totals)
  if (kind === 'delete') {
    const target = targetOf(context, name, operation.filter, {
      collation: operation.collation,
      hint: operation.hint,
      let: context.body.let,
    })
    const n = await deleteMatching(
      context.mode,
      target,
      flag(operation.multi),
      context.statements,
      statement,
      context.interrupt,
    )
    totals.nDeleted += n
    return { n }
  }
  const result = await runUpdate(context, {
    ...namespace,
    filter: operation.filter as Document,
    update: operation.updateMods,
    multi: flag(operation.multi),
    upsert: flag(operation.upsert),
    arrayFilters: operation.arrayFilters,
    collation: operation.collation,
    hint: operation.hint,
    sort: operation.sort,
    let: context.body.let,
    variables: operation.constants,
    statement,
  })
  totals.nModified += result.modified
  if (!result.upserted) {
    totals.nMatched += result.matched
    return { n: result.matched, nModified: result.modified }
  }
  totals.nUpserted++
  return { n: 1, nModified: 0, upserted: { _id: result.upserted.id } }
}

async function insertOne(
  context: CommandContext,
  operation: Document,
  namespace: Namespace,
  statement: number,
  totals: Totals,
): Promise<Document> {
  const request = {
    database: namespace.database,
    name: namespace.collection,
    documents: [encode(operation.document as Document)],
    ordered: true,
    bypassValidation: flag(context.body.bypassDocumentValidation),
    statement: () => statement,
  }
  const { inserted, errors } = await insertDocuments(context.mode, request, context.statements, context.interrupt)
  const failure = errors[0]
  if (failure) throw failure.error
  totals.nInserted += inserted
  return { n: inserted }
}

export const bulkWrite: Command = {
  name: 'bulkWrite',
  fields: [
    'bulkWrite',
    'ops',
    'nsInfo',
    'ordered',
    'bypassDocumentValidation',
    'errorsOnly',
    'cursor',
    'let',
    'stmtId',
    'stmtIds',
    'bypassEmptyTsReplacement',
  ],
  adminOnly: true,
  transactional: true,
  async run(context) {
    const operations = writeStatements(context, 'ops')
    const namespaces = namespacesOf(context)
    const totals: Totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0, nErrors: 0 }
    const rows: Document[] = []
    for (const [idx, operation] of operations.entries()) {
      try {
        const row = await runOperation(context, operation, namespaces, idx, totals)
        if (!flag(context.body.errorsOnly)) rows.push({ ok: 1, idx, ...row })
      } catch (error) {
        if (!(error instanceof CommandError) || context.inTransaction) throw error
        totals.nErrors++
        rows.push({
          ok: 0,
          idx,
          code: error.code,
          codeName: error.codeName,
          errmsg: error.message,
          ...error.extra,
          n: 0,
        })
        if (context.body.ordered !== false) break
      }
    }
    const cursor: unknown = context.body.cursor
    const size: unknown = (cursor as Document | undefined)?.batchSize
    const reply = await replyWithCursor(context, 'admin.$cmd.bulkWrite', new ListSource(rows.map(encode)), {
      batchSize: isNumeric(size) ? toNumber(size) : Number.POSITIVE_INFINITY,
    })
    return { ...reply, ...totals }
  },
}
