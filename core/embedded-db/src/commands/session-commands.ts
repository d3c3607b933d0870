import { UUID } from 'bson'
import { isObject } from '../values/types.ts'
import { requiredArray } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { nameOfSession, SESSION_MINUTES } from '../engine/sessions.ts'
import { sessionId } from './session-state.ts'

function namesIn(context: CommandContext): string[] {
  return requiredArray(context, context.name).map((entry) => nameOfSession(sessionId(entry)))
}

function endAll(context: CommandContext, names: string[]): void {
  context.server.sessions.end(names)
  const ended = new Set(names)
  context.server.cursors.closeWhere((cursor) => cursor.session !== undefined && ended.has(cursor.session))
}

/** The same at once: what runs in them is interrupted, too. */
function killAll(context: CommandContext, names: string[]): void {
  context.server.operations.killInSessions(new Set(names), context.interrupt)
  endAll(context, names)
}

export const startSession: Command = {
  name: 'startSession',
  run: () => ({ id: { id: new UUID() }, timeoutMinutes: SESSION_MINUTES }),
}

export const refreshSessions: Command = {
  name: 'refreshSessions',
  run(context) {
    for (const entry of requiredArray(context, 'refreshSessions')) context.server.sessions.open(sessionId(entry))
    return {}
  },
}

export const endSessions: Command = {
  name: 'endSessions',
  run(context) {
    endAll(context, namesIn(context))
    return {}
  },
}

export const killSessions: Command = {
  name: 'killSessions',
  run(context) {
    const names = namesIn(context)
    killAll(context, names.length > 0 ? names : context.server.sessions.names())
    return {}
  },
}

/** A pattern names one session; one of users means everybody here, where there are no users. */
export const killAllSessionsByPattern: Command = {
  name: 'killAllSessionsByPattern',
  run(context) {
    const patterns = requiredArray(context, context.name).map((one) => (isObject(one) ? one.lsid : undefined))
    const named = patterns.flatMap((lsid) => (lsid === undefined ? [] : [nameOfSession(sessionId(lsid))]))
    killAll(context, named.length === patterns.length && named.length > 0 ? named : context.server.sessions.names())
    return {}
  },
}

export const killAllSessions: Command = {
  name: 'killAllSessions',
  run(context) {
    killAll(context, context.server.sessions.names())
    return {}
  },
}
