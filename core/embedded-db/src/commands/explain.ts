import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { runAggregation } from '../engine/query/aggregation.ts'
import { Batch } from '../engine/query/batch.ts'
import { compileFind } from '../engine/query/open-find.ts'
import type { FindOptions } from '../engine/query/open-find.ts'
import type { FindSource } from '../engine/query/find-source.ts'
import { planSummary } from '../engine/planner/explain.ts'
import type { Plan } from '../engine/planner/plan.ts'
import type { Collection } from '../engine/collection.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { queryCollator } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { VERSION } from './diagnostics.ts'

/** The find that a command's reading part amounts to. */
function findOptions(name: string, command: Document): FindOptions {
  const first = (field: string): Document =>
    Array.isArray(command[field]) && isObject(command[field][0]) ? command[field][0] : {}
  const number = (value: unknown): number | undefined => (isNumeric(value) ? toNumber(value) : undefined)
  switch (name) {
    case 'find':
      return {
        filter: (command.filter ?? {}) as Document,
        sort: command.sort as Document,
        projection: command.projection as Document,
        skip: number(command.skip),
        limit: number(command.limit),
        hint: command.hint,
      }
    case 'count':
    case 'distinct':
      return { filter: (command.query ?? {}) as Document, hint: command.hint }
    case 'findAndModify':
      return { filter: (command.query ?? {}) as Document, sort: command.sort as Document, hint: command.hint, limit: 1 }
    case 'update': {
      const one = first('updates')
      return { filter: (one.q ?? {}) as Document, hint: one.hint, limit: one.multi === true ? undefined : 1 }
    }
    case 'delete': {
      const one = first('deletes')
      return { filter: (one.q ?? {}) as Document, hint: one.hint, limit: number(one.limit) }
    }
    default:
      throw new CommandError(59, 'CommandNotFound', `Explain failed due to unknown command: ${name}`)
  }
}

async function measure(context: CommandContext, source: FindSource): Promise<Document> {
  const started = performance.now()
  let returned = 0
  for (let done = false; !done;) {
    const batch = new Batch(1000)
    done = await source.fill(batch, context.interrupt)
    returned += batch.documents.length
  }
  return {
    executionSuccess: true,
    nReturned: returned,
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: source.scan.keysExamined,
    totalDocsExamined: source.scan.documentsExamined,
  }
}

async function explainRead(
  context: CommandContext,
  namespace: string,
  options: FindOptions,
  verbosity: string,
): Promise<Document> {
  const collection: Collection | undefined = context.source.collection(namespace)
  const compiled = compileFind({ ...options, collator: queryCollator(options.collator?.spec, collection) })
  const opened = collection && compiled.open(collection, context.source)
  const plan: Plan = opened?.plan ?? { stage: 'EOF', sorted: true }
  const needsSort = options.sort !== undefined && !plan.sorted
  const winningPlan = planSummary(plan, options, needsSort)
  const reply: Document = {
    explainVersion: '1',
    queryPlanner: { namespace, indexFilterSet: false, parsedQuery: options.filter, winningPlan, rejectedPlans: [] },
  }
  if (verbosity !== 'queryPlanner') {
    const statistics = opened
      ? await measure(context, opened.find)
      : { executionSuccess: true, nReturned: 0, executionTimeMillis: 0, totalKeysExamined: 0, totalDocsExamined: 0 }
    reply.executionStats = {
      ...statistics,
      executionStages: {
        ...winningPlan,
        nReturned: statistics.nReturned as number,
        docsExamined: statistics.totalDocsExamined as number,
        keysExamined: statistics.totalKeysExamined as number,
      },
    }
  }
  return reply
}

async function explainAggregate(context: CommandContext, command: Document, verbosity: string): Promise<Document> {
  const name = command.aggregate as string
  const namespace = `${context.database}.${name}`
  const stages = command.pipeline as Document[]
  const opened = runAggregation(stages, {
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: typeof name === 'string' ? name : undefined,
    hint: command.hint,
    let: command.let as Document | undefined,
    collator: queryCollator(command.collation, context.source.collection(namespace)),
  })
  const { leadingMatch, leadingSort } = opened.pipeline
  const cursor: Document = {
    queryPlanner: {
      namespace,
      parsedQuery: leadingMatch ?? {},
      winningPlan: planSummary(
        opened.plan ?? { stage: 'EOF', sorted: true },
        { filter: leadingMatch ?? {}, sort: leadingSort },
        leadingSort !== undefined && opened.plan?.sorted === false,
      ),
      rejectedPlans: [],
    },
  }
  if (verbosity !== 'queryPlanner' && !opened.pipeline.writes) {
    const started = performance.now()
    let returned = 0
    while (!(await opened.documents.next()).done) returned++
    cursor.executionStats = {
      executionSuccess: true,
      nReturned: returned,
      executionTimeMillis: Math.round(performance.now() - started),
      totalKeysExamined: opened.find?.scan.keysExamined ?? 0,
      totalDocsExamined: opened.find?.scan.documentsExamined ?? 0,
    }
  }
  return { explainVersion: '1', stages: [{ $cursor: cursor }, ...stages] }
}

/** The explanation of a command: the plan, and unless only that is asked for, the figures of running its reading part. */
export async function explainCommand(context: CommandContext, command: Document, verbosity: string): Promise<Document> {
  const sent = Object.keys(command)[0] ?? ''
  const name = sent === 'findandmodify' ? 'findAndModify' : sent
  if (context.body.$db !== undefined && command.$db !== undefined && command.$db !== context.body.$db)
    throw new CommandError(73, 'InvalidNamespace', 'Mismatched $db in explain command')
  const body =
    name === 'aggregate'
      ? await explainAggregate(context, command, verbosity)
      : await explainRead(
          context,
          `${context.database}.${String(command[sent])}`,
          findOptions(name, command),
          verbosity,
        )
  return { ...body, command, serverInfo: { host: context.server.host, version: VERSION, gitVersion: 'embedded' } }
}

export const explain: Command = {
  name: 'explain',
  fields: ['explain', 'verbosity'],
  run(context) {
    const command: unknown = context.body.explain
    if (!isObject(command))
      throw new CommandError(
        14,
        'TypeMismatch',
        "BSON field 'explain.explain' is the wrong type, expected type 'object'",
      )
    const verbosity: unknown = context.body.verbosity ?? 'allPlansExecution'
    if (!['queryPlanner', 'executionStats', 'allPlansExecution'].includes(verbosity as string))
      throw new CommandError(
        2,
        'BadValue',
        `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
      )
    return explainCommand(context, command, verbosity as string)
  },
}
