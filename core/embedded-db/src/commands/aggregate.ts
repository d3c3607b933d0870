import type { Document } from 'bson'
import { sourceStages } from '../aggregate/stages.ts'
import { CommandError, during } from '../errors.ts'
import { ListSource } from '../engine/query/batch.ts'
import { runAggregation } from '../engine/query/aggregation.ts'
import { PipelineSource } from '../engine/query/document-stream.ts'
import { isObject } from '../values/types.ts'
import { collectionName, flag, optionalDocument, queryCollator, requiredArray } from './arguments.ts'
import { aggregateWriters } from './aggregate-write.ts'
import { openChangeStream, opensChangeStream } from './change-stream.ts'
import type { Command, CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'
import { explainCommand } from './explain.ts'
import { cursorBatchSize } from './list-indexes.ts'
import { specialSource } from './special-source.ts'
import { viewCollator } from './views.ts'

const FIELDS = [
  'aggregate',
  'pipeline',
  'explain',
  'allowDiskUse',
  'cursor',
  'bypassDocumentValidation',
  'collation',
  'hint',
  'let',
  'fromMongos',
  'needsMerge',
  'exchange',
  'isMapReduceCommand',
  'collectionUUID',
]

/** The stages of a command. */
function pipelineOf(context: CommandContext): Document[] {
  return requiredArray(context, 'pipeline').map((stage) => {
    if (!isObject(stage))
      throw new CommandError(14, 'TypeMismatch', "Each element of the 'pipeline' array must be an object")
    return stage
  })
}

/** What only MongoDB Atlas offers answers as a server without it does. */
function refuseSearch(stages: readonly Document[]): void {
  const stage = stages
    .flatMap((one) => Object.keys(one))
    .find((name) => ['$search', '$searchMeta', '$vectorSearch', '$listSearchIndexes'].includes(name))
  if (stage)
    throw new CommandError(
      31082,
      'SearchNotEnabled',
      `Using Atlas Search Database Commands and the ${stage} aggregation stage requires additional configuration: connect to Atlas by MONGODB_URI`,
    )
}

/** What reports on the server or writes has no part in a transaction. */
function refuseInTransaction(stages: readonly Document[]): void {
  const stage = stages
    .flatMap((one) => Object.keys(one))
    .find((name) => name === '$out' || name === '$merge' || sourceStages.has(name))
  if (stage)
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      `Operation not permitted in transaction :: caused by :: Aggregation stage ${stage} cannot run within a multi-document transaction`,
    )
}

/** Without a collection the first stage must bring the documents. Error: 73. */
function checkStandsAlone(first: Document | undefined): void {
  const stage = first && Object.keys(first)[0]
  if (stage !== undefined && (stage === '$documents' || sourceStages.has(stage))) return
  const what = stage === undefined ? 'an empty pipeline.' : `'${stage}'; a collection is required.`
  throw new CommandError(73, 'InvalidNamespace', `{aggregate: 1} is not valid for ${what}`)
}

/** What the option `explain` asks for: the plan, in place of the documents. */
function explained(context: CommandContext): Promise<Document> {
  if (context.inTransaction)
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      'Operation not permitted in transaction :: caused by :: Explain for the aggregate command cannot run within a multi-document transaction',
    )
  const own = Object.entries(context.body).filter(([field]) => FIELDS.includes(field) && field !== 'explain')
  return explainCommand(context, Object.fromEntries(own), 'queryPlanner')
}

const AGGREGATING = 'PlanExecutor error during aggregation'

async function runToEnd(documents: AsyncGenerator<Document, void, void>): Promise<void> {
  try {
    while (!(await documents.next()).done) continue
  } catch (error) {
    throw during(AGGREGATING, error)
  }
}

export const aggregate: Command = {
  name: 'aggregate',
  fields: FIELDS,
  kinds: {
    let: 'object',
    collation: 'object',
    allowDiskUse: 'flag',
    bypassDocumentValidation: 'flag',
    explain: 'flag',
  },
  transactional: true,
  async run(context) {
    const name = typeof context.body.aggregate === 'string' ? collectionName(context) : undefined
    if (name === undefined && Number(context.body.aggregate) !== 1)
      throw new CommandError(
        9,
        'FailedToParse',
        "Invalid command format: the 'aggregate' field must specify a collection name or 1",
      )
    const namespace = `${context.database}.${name ?? '$cmd.aggregate'}`
    const stages = pipelineOf(context)
    if (context.body.cursor === undefined && !flag(context.body.explain))
      throw new CommandError(
        9,
        'FailedToParse',
        "The 'cursor' option is required, except for aggregate with the explain argument",
      )
    const batchSize = cursorBatchSize(context)
    refuseSearch(stages)
    if (flag(context.body.explain)) return explained(context)
    if (context.inTransaction) refuseInTransaction(stages)
    if (opensChangeStream(stages)) return openChangeStream(context, name, stages, batchSize)
    if (name !== undefined && stages[0] && '$documents' in stages[0])
      throw new CommandError(
        73,
        'InvalidNamespace',
        "'$documents' can only be run with {aggregate: 1}, on a database and not on a collection",
      )
    if (name === undefined) checkStandsAlone(stages[0])
    const view = context.source.view(namespace)
    const collator = view
      ? viewCollator(context, view)
      : queryCollator(context.body.collation, context.source.collection(namespace))
    const { documents, pipeline } = runAggregation(stages, {
      engine: context.engine,
      source: context.source,
      interrupt: context.interrupt,
      database: context.database,
      collection: name,
      let: optionalDocument(context, 'let'),
      collator,
      hint: context.body.hint,
      allowDiskUse: flag(context.body.allowDiskUse),
      write: aggregateWriters(context),
    })
    const special = pipeline.source && specialSource(context, name, pipeline.source)
    if (pipeline.writes) {
      if ((context.body.readConcern as Document | undefined)?.level === 'linearizable')
        throw new CommandError(
          72,
          'InvalidOptions',
          "$out and $merge cannot be used with a 'linearizable' read concern level",
        )
      const running = special ? pipeline.run(special) : documents
      await runToEnd(running)
      return replyWithCursor(context, namespace, new ListSource([]), { batchSize, activity: AGGREGATING })
    }
    return replyWithCursor(context, namespace, new PipelineSource(special ? pipeline.run(special) : documents), {
      batchSize,
      activity: AGGREGATING,
    })
  },
}
