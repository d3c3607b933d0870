import { hostname, totalmem, cpus, type as osType, release } from 'node:os'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileMatch } from '../match/index.ts'
import type { Command } from './command.ts'
import type { Server } from './server.ts'
import { MAX_BSON_OBJECT_SIZE } from '../wire/limits.ts'
import { long } from './arguments.ts'

/** The server version whose behaviour the engine follows. */
export const VERSION = '8.0.4'

export const ping: Command = { name: 'ping', transactional: false, run: () => ({}) }

export const buildInfo: Command = {
  name: 'buildInfo',
  aliases: ['buildinfo'],
  run: () => ({
    version: VERSION,
    gitVersion: 'embedded',
    modules: ['dcesop-embedded-db'],
    allocator: 'system',
    javascriptEngine: 'none',
    versionArray: [...VERSION.split('.').map(Number), 0],
    openssl: { running: 'none', compiled: 'none' },
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_BSON_OBJECT_SIZE,
    storageEngines: ['lmdb'],
  }),
}

export const hostInfo: Command = {
  name: 'hostInfo',
  run: () => ({
    system: {
      currentTime: new Date(),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: Math.floor(totalmem() / 2 ** 20),
      numCores: cpus().length,
      cpuArch: process.arch,
    },
    os: { type: osType(), name: osType(), version: release() },
    extra: {},
  }),
}

export const whatsmyuri: Command = { name: 'whatsmyuri', run: (context) => ({ you: context.connection.remote }) }

export const connectionStatus: Command = {
  name: 'connectionStatus',
  run: (context) => ({
    authInfo: {
      authenticatedUsers: [],
      authenticatedUserRoles: [],
      ...(context.body.showPrivileges === true && { authenticatedUserPrivileges: [] }),
    },
    uuid: context.connection.uuid,
  }),
}

const LOGS = ['global', 'startupWarnings']

export const getLog: Command = {
  name: 'getLog',
  adminOnly: true,
  kinds: { getLog: 'string' },
  fields: ['getLog'],
  run: ({ body }) => {
    if (body.getLog === '*') return { names: LOGS }
    if (!LOGS.includes(body.getLog as string))
      throw new CommandError(96, 'OperationFailed', `No log named '${String(body.getLog)}'`)
    return { totalLinesWritten: 0, log: [] }
  },
}

export const getCmdLineOpts: Command = {
  name: 'getCmdLineOpts',
  adminOnly: true,
  run: () => ({ argv: ['embedded-db'], parsed: {} }),
}

/** Every field but these describes the operations that are asked for. */
const NO_CONDITION = new Set([
  'currentOp',
  '$all',
  '$ownOps',
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'comment',
])

export const currentOp: Command = {
  name: 'currentOp',
  adminOnly: true,
  run: ({ server, body }) => {
    const wanted = compileMatch(Object.fromEntries(Object.entries(body).filter(([name]) => !NO_CONDITION.has(name))))
    return { inprog: server.operations.list().filter((operation) => wanted(operation)) }
  },
}

export const replSetGetStatus: Command = {
  name: 'replSetGetStatus',
  adminOnly: true,
  run: (context) => ({
    set: 'rs0',
    date: new Date(),
    myState: 1,
    term: long(1),
    heartbeatIntervalMillis: long(2000),
    majorityVoteCount: 1,
    votingMembersCount: 1,
    members: [
      {
        _id: 0,
        name: context.server.host,
        health: 1,
        state: 1,
        stateStr: 'PRIMARY',
        uptime: Math.floor((performance.now() - context.server.started) / 1000),
        optime: { ts: context.engine.committedTime, t: long(1) },
        self: true,
      },
    ],
  }),
}

function dataFile(server: Server): Document {
  const { bytes, statedBytes, state } = server.dataSize.now()
  return { bytes: long(bytes), statedBytes: long(statedBytes), state }
}

export const serverStatus: Command = {
  name: 'serverStatus',
  run: (context) => {
    const { server, engine } = context
    const memory = process.memoryUsage()
    const uptime = (performance.now() - server.started) / 1000
    return {
      host: server.host,
      version: VERSION,
      process: 'embedded-db',
      pid: long(process.pid),
      uptime,
      uptimeMillis: long(Math.floor(performance.now() - server.started)),
      localTime: new Date(),
      connections: {
        current: server.connections,
        available: 2000 - server.connections,
        totalCreated: long(server.totalConnections),
      },
      mem: { bits: 64, resident: Math.floor(memory.rss / 2 ** 20), supported: true },
      opcounters: server.operations.counters(),
      metrics: { cursor: { open: { total: long(server.cursors.size) } } },
      logicalSessionRecordCache: { activeSessionsCount: server.sessions.size },
      repl: {
        setName: 'rs0',
        isWritablePrimary: true,
        secondary: false,
        primary: server.host,
        me: server.host,
        hosts: [server.host],
        rbid: 1,
      },
      storageEngine: {
        name: 'lmdb',
        supportsCommittedReads: true,
        persistent: true,
        supportsSnapshotReadConcern: true,
        readOnly: engine.store.readOnly,
      },
      embedded: {
        dataFile: dataFile(server),
        recovery: { state: server.recovery.state, problems: server.recovery.problems },
      },
      oplogBytes: long(engine.oplogBytes),
      transactions: { currentOpen: long(server.sessions.openTransactions) },
    }
  },
}
