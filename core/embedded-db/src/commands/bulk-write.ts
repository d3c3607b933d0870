import { Double } from 'bson'
import type { Document } from 'bson'
import { encode } from '../bson/raw.ts'
import { stampRaw } from '../bson/stamp.ts'
import { CommandError } from '../errors.ts'
import { checkNamespace } from '../engine/engine.ts'
import { deleteStatement } from '../engine/writes/delete.ts'
import { insertStatement } from '../engine/writes/insert.ts'
import { LATER, runStatements } from '../engine/writes/statements.ts'
import type { Statement } from '../engine/writes/statements.ts'
import { ListSource } from '../engine/query/batch.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { typeName } from '../values/types.ts'
import { flag } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { isUnacknowledged } from './concerns.ts'
import { replyWithCursor } from './cursor-reply.ts'
import { checkArrayFilters, checkUpdate, compileUpdateStatement, refuseSupplied } from './update-statement.ts'
import { checkHint, checkShape, stampTime, statementNumber, statementRun, targetOf } from './write-arguments.ts'
import { type StatementShape, writeStatements } from './write-arguments.ts'
import { refuseMany } from '../engine/writes/retry.ts'

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

const OPERATIONS: Record<string, StatementShape> = {
  insert: { fields: { insert: 'any', document: 'object' }, required: ['document'] },
  update: {
    fields: {
      update: 'any',
      filter: 'object',
      updateMods: checkUpdate,
      multi: 'bool',
      upsert: 'bool',
      arrayFilters: checkArrayFilters,
      hint: checkHint,
      collation: 'object',
      constants: 'object',
      sort: 'object',
      upsertSupplied: refuseSupplied,
      sampleId: 'any',
    },
    required: ['filter', 'updateMods'],
  },
  delete: {
    fields: { delete: 'any', filter: 'object', multi: 'bool', hint: checkHint, collation: 'object', sampleId: 'any' },
    required: ['filter'],
  },
}

async function namespacesOf(context: CommandContext): Promise<Namespace[]> {
  const listed = await writeStatements(context, 'nsInfo')
  return listed.map(({ ns }) => {
    const text = String(ns)
    const dot = text.indexOf('.')
    if (dot < 1) throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified for bulkWrite: '${text}'`)
    const namespace = { database: text.slice(0, dot), collection: text.slice(dot + 1) }
    checkNamespace(namespace.database, namespace.collection)
    return namespace
  })
}

/** @throws CommandError for an operation that cannot be read, which ends the command before anything is done */
function checkOperation(operation: Document, namespaces: readonly Namespace[], index: number): void {
  const kind = Object.keys(operation)[0] ?? ''
  const shape = Object.hasOwn(OPERATIONS, kind) ? OPERATIONS[kind] : undefined
  if (!shape) throw new CommandError(40415, 'Location40415', `BSON field 'bulkWrite.ops.${kind}' is an unknown field.`)
  checkShape('bulkWrite.ops', operation, shape)
  const place: unknown = operation[kind]
  if (!isNumeric(place))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field 'bulkWrite.ops.${kind}' is the wrong type '${typeName(place)}', expected type 'int'`,
    )
  if (!namespaces[toNumber(place)])
    throw new CommandError(2, 'BadValue', `BulkWrite ops entry ${index} has an invalid nsInfo index.`)
}

/** Compiles one operation; it answers its row for the results cursor. */
function compileOperation(
  context: CommandContext,
  operation: Document,
  namespaces: readonly Namespace[],
  index: number,
  totals: Totals,
): Statement<Document> {
  const kind = Object.keys(operation)[0] as string
  const namespace = namespaces[toNumber(operation[kind] as never)] as Namespace
  const statement = statementNumber(context)(index)
  if (kind === 'insert') return compileInsert(context, operation, namespace, statement, totals)
  if (kind === 'delete') return compileDelete(context, operation, namespace, statement, totals)
  return compileUpdate(context, operation, namespace, statement, totals)
}

/** The same statement with another answer. */
function mapStatement<T, R>(statement: Statement<T>, map: (value: T) => R): Statement<R> {
  return {
    within(context, until) {
      const value = statement.within(context, until)
      return value === LATER ? LATER : map(value)
    },
    alone: async () => map(await statement.alone()),
  }
}

function compileInsert(
  context: CommandContext,
  operation: Document,
  { database, collection: name }: Namespace,
  statement: number,
  totals: Totals,
): Statement<Document> {
  const time = stampTime(context)
  const sent = encode(operation.document as Document)
  const document = time ? stampRaw(sent, time) : sent
  const bypassValidation = flag(context.body.bypassDocumentValidation)
  return mapStatement(
    insertStatement(context.mode, { database, name, document, bypassValidation, statement }, context.statements),
    () => {
      totals.nInserted++
      return { n: 1 }
    },
  )
}

function compileDelete(
  context: CommandContext,
  operation: Document,
  { database, collection }: Namespace,
  statement: number,
  totals: Totals,
): Statement<Document> {
  const target = targetOf(context, `${database}.${collection}`, operation.filter, {
    collation: operation.collation,
    hint: operation.hint,
    let: context.body.let,
  })
  const { mode, statements, interrupt } = context
  const many = flag(operation.multi)
  if (many) refuseMany(statements, 'multi=true')
  return mapStatement(deleteStatement(mode, target, many, statements, statement, interrupt), (n) => {
    totals.nDeleted += n
    return { n }
  })
}

function compileUpdate(
  context: CommandContext,
  operation: Document,
  namespace: Namespace,
  statement: number,
  totals: Totals,
): Statement<Document> {
  const update = compileUpdateStatement(context, {
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
    constants: operation.constants,
    statement,
  })
  return mapStatement(update, ({ matched, modified, upserted }) => {
    totals.nModified += modified
    if (!upserted) {
      totals.nMatched += matched
      return { n: matched, nModified: modified }
    }
    totals.nUpserted++
    return { n: 1, nModified: 0, upserted: { _id: upserted.id } }
  })
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
    const operations = await writeStatements(context, 'ops')
    const namespaces = await namespacesOf(context)
    operations.forEach((operation, index) => checkOperation(operation, namespaces, index))
    const totals: Totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0, nErrors: 0 }
    const rows: Document[] = []
    await runStatements({
      ...statementRun(context),
      count: operations.length,
      compile: (index) => compileOperation(context, operations[index] as Document, namespaces, index, totals),
      done(idx, row) {
        if (!flag(context.body.errorsOnly)) rows.push({ ok: new Double(1), idx, ...row })
      },
      failed(idx, { code, codeName, message: errmsg, extra }) {
        totals.nErrors++
        rows.push({ ok: new Double(0), idx, code, codeName, errmsg, ...extra, n: 0 })
      },
    })
    if (isUnacknowledged(context.body)) return {}
    const cursor: unknown = context.body.cursor
    const size: unknown = (cursor as Document | undefined)?.batchSize
    const reply = await replyWithCursor(context, 'admin.$cmd.bulkWrite', new ListSource(rows.map(encode)), {
      batchSize: isNumeric(size) ? toNumber(size) : Number.POSITIVE_INFINITY,
    })
    return { ...reply, ...totals }
  },
}
