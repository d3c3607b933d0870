import type { Document, Timestamp } from 'bson'
import { mapSliced } from '../aggregate/pacer.ts'
import { ArrayWriter } from '../bson/array-writer.ts'
import { decode } from '../bson/decode.ts'
import { decodeInSteps } from '../bson/decode-in-steps.ts'
import { rawDocuments } from '../bson/raw.ts'
import { stampRaw } from '../bson/stamp.ts'
import type { RawDocument } from '../bson/types.ts'
import { isLarge } from '../bson/walk.ts'
import { BsonWriter } from '../bson/writer.ts'
import type { RawArray } from '../bson/writer.ts'
import { CommandError } from '../errors.ts'
import { MAX_WRITE_BATCH_SIZE } from '../wire/limits.ts'
import { compileSorter } from '../values/sort.ts'
import { checkNearIndex } from '../engine/query/near-index.ts'
import { checkNatural, isNatural } from '../engine/query/natural.ts'
import { compileQuery } from '../engine/query/query.ts'
import { Turns } from '../engine/interrupt.ts'
import { prepareLongLists } from '../engine/long-lists.ts'
import type { Statements } from '../engine/writes/statements.ts'
import type { Target } from '../engine/writes/target.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import { flag, queryCollator } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { checkKind } from './kinds.ts'
import type { Kind } from './kinds.ts'

function checkBatch(length: number): void {
  if (length < 1 || length > MAX_WRITE_BATCH_SIZE) {
    throw new CommandError(
      16,
      'InvalidLength',
      `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH_SIZE}. Got ${length} operations.`,
    )
  }
}

/** The fields that statements may have, each with the kind that it must be of, and those that they must have. */
export interface StatementShape {
  fields: Readonly<Record<string, FieldKind>>
  required: readonly string[]
}

export type FieldKind = Kind | 'any' | ((value: unknown) => void)

/** @throws CommandError 9 for a hint that is neither a name nor a key, null included */
export function checkHint(hint: unknown): void {
  if (typeof hint !== 'string' && !isObject(hint))
    throw new CommandError(9, 'FailedToParse', 'Hint must be a string or an object')
}

/** @throws CommandError for a statement with a field that it does not have, or without one that it must have */
export function checkShape(name: string, statement: Document, { fields, required }: StatementShape): void {
  for (const [field, value] of Object.entries(statement) as [string, unknown][]) {
    const kind = fields[field]
    if (!kind) throw new CommandError(40415, 'Location40415', `BSON field '${name}.${field}' is an unknown field.`)
    if (typeof kind === 'function') kind(value)
    else if (kind !== 'any') checkKind(`${name}.${field}`, kind, value)
  }
  const missing = required.find((field) => statement[field] === undefined || (field === 'q' && statement.q === null))
  if (missing)
    throw new CommandError(40414, 'Location40414', `BSON field '${name}.${missing}' is missing but a required field`)
}

/** The statements of a write command as typed documents, from its body or its document sequence. @throws for the whole command when one of them is malformed */
export async function writeStatements(
  context: CommandContext,
  field: string,
  shape?: StatementShape,
): Promise<Document[]> {
  const sequence = context.sequences.get(field)
  const turns = new Turns(context.interrupt)
  const statements = sequence
    ? await decodedStatements(sequence, turns)
    : (context.body[field] as Document[] | undefined)
  if (statements === undefined || statements === null)
    throw new CommandError(
      40414,
      'Location40414',
      `BSON field '${context.name}.${field}' is missing but a required field`,
    )
  if (!Array.isArray(statements))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field '${context.name}.${field}' is the wrong type '${typeName(statements)}', expected type 'array'`,
    )
  checkBatch(statements.length)
  if (shape) await mapSliced(statements, (statement) => checkShape(`${context.name}.${field}`, statement, shape), turns)
  return statements
}

async function decodedStatements(sequence: readonly RawDocument[], turns: Turns): Promise<Document[]> {
  const statements: Document[] = []
  for (const bytes of sequence) {
    statements.push(isLarge(bytes, 0, bytes.length) ? await largeStatement(bytes, turns) : decode(bytes))
    const rest = turns.step()
    if (rest) await rest
  }
  return statements
}

async function largeStatement(bytes: RawDocument, turns: Turns): Promise<Document> {
  const steps = decodeInSteps(bytes)
  let step = steps.next()
  for (; !step.done; step = steps.next()) await turns.rest()
  await prepareLongLists(step.value, turns)
  return step.value
}

/** The documents of an insert as they were sent, with the time where they ask for it. */
export async function insertedDocuments(context: CommandContext): Promise<RawDocument[]> {
  const time = stampTime(context)
  const documents = sentDocuments(context)
  return time ? mapSliced(documents, (document) => stampRaw(document, time), new Turns(context.interrupt)) : documents
}

/** What a Timestamp(0, 0) becomes that is stored at the top level; undefined when the command keeps it. */
export function stampTime({ body, engine }: CommandContext): Timestamp | undefined {
  return flag(body.bypassEmptyTsReplacement) ? undefined : engine.clock.now()
}

function sentDocuments(context: CommandContext): RawDocument[] {
  const sequence = context.sequences.get('documents')
  if (sequence) {
    checkBatch(sequence.length)
    return sequence
  }
  if (context.body.documents === undefined)
    throw new CommandError(40414, 'Location40414', `BSON field 'insert.documents' is missing but a required field`)
  const documents = rawDocuments(context.raw, 'documents')
  if (!documents)
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field 'insert.documents' is the wrong type, expected an array of objects`,
    )
  checkBatch(documents.length)
  return documents
}

/** The number that the i-th statement of a retryable command has. */
export function statementNumber(context: CommandContext): (index: number) => number {
  const ids: unknown = context.body.stmtIds
  if (ids !== undefined && context.body.stmtId !== undefined)
    throw new CommandError(72, 'InvalidOptions', 'May not specify both stmtId and stmtIds in write command')
  if (Array.isArray(ids)) return (index) => toNumber(ids[index] as never)
  const first = isNumeric(context.body.stmtId) ? toNumber(context.body.stmtId) : 0
  return (index) => first + index
}

/** What a command's statements run with, whatever they are. */
export function statementRun({
  mode,
  interrupt,
  statements: log,
  body,
}: CommandContext): Pick<Statements<unknown>, 'mode' | 'interrupt' | 'log' | 'ordered'> {
  return { mode, interrupt, log, ordered: body.ordered !== false }
}

export interface TargetOptions {
  collation?: unknown
  hint?: unknown
  sort?: unknown
  let?: unknown
  upsert?: boolean
}

/** An expression names no value that an upsert could insert. */
function refuseExpression(operator: string): CommandError | undefined {
  if (operator !== '$expr') return undefined
  const message = '$expr is not allowed in the query predicate for an upsert'
  return new CommandError(224, 'QueryFeatureNotAllowed', message)
}

/** What a statement's filter, hint, sort and collation select. */
export function targetOf(context: CommandContext, namespace: string, filter: unknown, options: TargetOptions): Target {
  const collection = context.source.collection(namespace)
  const collator = queryCollator(options.collation, collection)
  if (!isObject(filter))
    throw new CommandError(14, 'TypeMismatch', `BSON field 'q' is the wrong type, expected type 'object'`)
  const sort = isObject(options.sort) && Object.keys(options.sort).length > 0 ? options.sort : undefined
  checkNatural(sort, options.hint)
  const query = compileQuery(filter, {
    collator,
    let: options.let as Document | undefined,
    now: new Date(),
    near: true,
    refuse: options.upsert === true ? refuseExpression : undefined,
  })
  if (collection) checkNearIndex(collection, query)
  return {
    namespace,
    query,
    hint: options.hint,
    sort,
    sorter: !sort ? query.near?.sorter : isNatural(sort) ? undefined : compileSorter(sort, collator),
  }
}

/** Documents of a reply, written as they come: a list of a hundred thousand would take its time at the end. */
export class ReplyList {
  private array: ArrayWriter | undefined

  add(document: Document): void {
    const writer = new BsonWriter()
    writer.document(document)
    this.array ??= new ArrayWriter()
    this.array.add(writer.finish())
  }

  /** One of the writeErrors: index, code, message and, for duplicates, which key. */
  addError(index: number, { code, extra, message }: CommandError): void {
    this.add({ index, code, ...extra, errmsg: message })
  }

  /** The list, to which nothing may be added afterwards; undefined when it is empty, as the reply has none then. */
  finish(): RawArray | undefined {
    return this.array?.finish()
  }
}
