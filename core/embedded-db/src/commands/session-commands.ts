import { UUID } from 'bson'
import type { Binary } from 'bson'
import { requiredArray } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { SESSION_MINUTES } from '../engine/sessions.ts'
import { sessionId } from './session-state.ts'

function namesIn(context: CommandContext): string[] {
  return requiredArray(context, context.name).map((entry) =>
    Buffer.from((sessionId(entry).id as Binary).buffer).toString('hex'),
  )
}

function endAll(context: CommandContext, names: string[]): void {
  context.server.sessions.end(names)
  const ended = new Set(names)
  context.server.cursors.closeWhere((cursor) => cursor.session !== undefined && ended.has(cursor.session))
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
    endAll(context, names.length > 0 ? names : context.server.sessions.names())
    return {}
  },
}

export const killAllSessions: Command = {
  name: 'killAllSessions',
  run(context) {
    endAll(context, context.server.sessions.names())
    return {}
  },
}
