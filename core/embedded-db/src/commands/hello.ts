import { ObjectId } from 'bson'
import type { Document } from 'bson'
import { MAX_BSON_OBJECT_SIZE, MAX_MESSAGE_SIZE, MAX_WRITE_BATCH_SIZE } from '../wire/limits.ts'
import { SESSION_MINUTES } from '../engine/sessions.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import type { Command, CommandContext } from './command.ts'
import { long } from './arguments.ts'

export const SET_NAME = 'rs0'
/** MongoDB 8.0's wire version. */
const MAX_WIRE_VERSION = 25
const ELECTION = new ObjectId('7fffffff0000000000000001')

/**
 * The topology never changes, so no topologyVersion is announced: drivers then poll, and check at once after an error
 * instead of sitting out a pending awaitable hello.
 */
function describe(context: CommandContext): Document {
  const { host } = context.server
  const time = context.engine.committedTime
  return {
    hosts: [host],
    setName: SET_NAME,
    setVersion: 1,
    secondary: false,
    primary: host,
    me: host,
    electionId: ELECTION,
    lastWrite: {
      opTime: { ts: time, t: long(1) },
      lastWriteDate: new Date(),
      majorityOpTime: { ts: time, t: long(1) },
      majorityWriteDate: new Date(),
    },
    maxBsonObjectSize: MAX_BSON_OBJECT_SIZE,
    maxMessageSizeBytes: MAX_MESSAGE_SIZE,
    maxWriteBatchSize: MAX_WRITE_BATCH_SIZE,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId: context.connection.id,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: context.engine.store.readOnly,
  }
}

/** Waits as an awaitable hello does: until the topology changes, which here means until the server stops. */
async function awaitChange(context: CommandContext): Promise<void> {
  const known = context.body.topologyVersion as Document | undefined
  const wait: unknown = context.body.maxAwaitTimeMS
  if (
    !known ||
    !isNumeric(wait) ||
    !(known.processId instanceof ObjectId) ||
    !known.processId.equals(context.server.processId)
  )
    return
  await context.server.pause(toNumber(wait))
}

async function run(context: CommandContext, primary: Document): Promise<Document> {
  const client = context.body.client as Document | undefined
  if (client && !context.connection.clientMetadata) {
    context.connection.clientMetadata = client
    context.connection.appName = (client.application as Document | undefined)?.name as string | undefined
  }
  await awaitChange(context)
  return { helloOk: context.body.helloOk === true ? true : undefined, ...primary, ...describe(context) }
}

export const hello: Command = { name: 'hello', run: (context) => run(context, { isWritablePrimary: true }) }

/** The older name of hello, with the older name of the field. */
export const isMaster: Command = {
  name: 'isMaster',
  aliases: ['ismaster'],
  run: (context) => run(context, { ismaster: true }),
}
