import { Double, Int32, Long } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { SET_NAME } from './hello.ts'
import { collectionName, flag, long } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'

/** A command for people and tools that has one simple answer here. */
function answer(name: string, run: Command['run'], adminOnly = false): Command {
  return { name, adminOnly, run }
}

/** Plans are made anew each time; only a view has none of its own. */
function clearPlans(context: CommandContext): Document {
  const namespace = `${context.database}.${collectionName(context)}`
  if (context.source.view(namespace))
    throw new CommandError(166, 'CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
  return {}
}

/** The set as its configuration describes it: one member that never changes. */
function configuration(context: CommandContext): Document {
  return {
    _id: SET_NAME,
    version: 1,
    term: long(1),
    members: [
      {
        _id: 0,
        host: context.server.host,
        arbiterOnly: false,
        buildIndexes: true,
        hidden: false,
        priority: 1,
        tags: {},
        secondaryDelaySecs: Long.ZERO,
        votes: 1,
      },
    ],
    protocolVersion: long(1),
    writeConcernMajorityJournalDefault: true,
    settings: { chainingAllowed: true, heartbeatIntervalMillis: 2000, electionTimeoutMillis: 10_000 },
  }
}

function sizeOfNamespace(context: CommandContext): Document {
  const namespace: unknown = context.body[context.name]
  if (typeof namespace !== 'string' || !namespace.includes('.'))
    throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified '${String(namespace)}'`)
  const collection = context.engine.collection(namespace)
  return { size: long(collection?.size ?? 0), numObjects: long(collection?.count ?? 0), millis: 0, estimate: false }
}

function killOperation({ server, body }: CommandContext): Document {
  if (!isNumeric(body.op)) throw new CommandError(9, 'FailedToParse', 'Expected field "op" of type number')
  server.operations.kill(toNumber(body.op))
  return { info: 'attempting to kill op' }
}

function profile(context: CommandContext): Document {
  const level: unknown = context.body.profile
  if (!isNumeric(level))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'profile' is the wrong type, expected type 'int'")
  if (![-1, 0].includes(toNumber(level))) throw notImplemented('profiling')
  return { was: new Int32(0), slowms: new Int32(100), sampleRate: new Double(1) }
}

function connectionPools(): Document {
  return {
    numClientConnections: 0,
    numAScopedConnections: 0,
    totalInUse: 0,
    totalAvailable: 0,
    totalCreated: 0,
    hosts: {},
  }
}

export const operations: readonly Command[] = [
  answer('replSetGetConfig', (context) => ({ config: configuration(context) }), true),
  answer('connPoolStats', connectionPools),
  answer('top', () => ({ totals: { note: 'all times in microseconds' } }), true),
  answer('usersInfo', () => ({ users: [] })),
  answer('rolesInfo', () => ({ roles: [] })),
  answer('dropAllUsersFromDatabase', () => ({ n: 0 })),
  answer('dropAllRolesFromDatabase', () => ({ n: 0 })),
  answer('profile', profile),
  answer('fsync', fsync, true),
  answer(
    'fsyncUnlock',
    () => {
      throw new CommandError(20, 'IllegalOperation', 'fsyncUnlock called when not locked')
    },
    true,
  ),
  answer('logRotate', () => ({}), true),
  answer('killOp', killOperation, true),
  answer('lockInfo', () => ({ lockInfo: [] }), true),
  { ...answer('dataSize', sizeOfNamespace), aliases: ['datasize'] },
  answer('planCacheClear', clearPlans),
  answer('refreshLogicalSessionCacheNow', () => ({}), true),
  answer('logout', () => ({})),
  answer('invalidateUserCache', () => ({}), true),
  answer('dropConnections', () => ({}), true),
  answer(
    'getDefaultRWConcern',
    () => ({
      defaultReadConcern: { level: 'local' },
      defaultWriteConcern: { w: 'majority', wtimeout: 0 },
      defaultReadConcernSource: 'implicit',
      defaultWriteConcernSource: 'implicit',
    }),
    true,
  ),
]

async function fsync(context: CommandContext): Promise<Document> {
  if (flag(context.body.lock)) throw notImplemented('fsync with lock')
  await context.engine.store.flushed()
  return { numFiles: 1 }
}
