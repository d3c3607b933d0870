import mongoose from 'mongoose'
import { findsTwice, nameOf } from './members.ts'
import { mostEventBytes } from '../limits.ts'
import { ownRefusal, pipelineRefusal } from './pipelines.ts'
import type { DataScope } from './scope.ts'
import type { Command } from './wire.ts'

const { BSON } = mongoose.mongo

/** Commands that name one collection by their first member. */
const onCollection = new Set(
  `aggregate collMod count create createIndexes delete distinct drop dropIndexes find findAndModify findandmodify insert
   killCursors listIndexes update`.split(/\s+/),
)
/** Commands that say something of a session or of nothing at all. */
const onSession = new Set(['abortTransaction', 'commitTransaction', 'endSessions', 'ping'])
/** What may come beside the body as a sequence: a pipeline that came so would not be seen. */
const sequences = new Set(['documents', 'updates', 'deletes'])
/** Views are pipelines too. */
const withPipeline = new Set(['aggregate', 'collMod', 'create'])
const outbox = 'outbox'
const clockToleranceMs = 300_000

type Document = Readonly<Record<string, unknown>>

/** The members of a command's body. @throws Error when it is no BSON, or names a member twice: two readers could take different ones */
export function bodyOf({ body }: Command): { name: string; members: Document } {
  if (findsTwice(body)) throw new Error('The command names a member twice.')
  return { name: nameOf(body), members: BSON.deserialize(body, { useBigInt64: true }) }
}

/** Why a plugin may not run a command, as the end of a sentence; undefined when it may. @param now of the host's clock */
export function refusalOf(
  { name, members }: ReturnType<typeof bodyOf>,
  command: Command,
  scope: DataScope,
  now: Date,
): string | undefined {
  const database = members['$db']
  if (onSession.has(name)) return undefined
  if (typeof database !== 'string' || !scope.databases.has(database))
    return `a command in database "${String(database)}"`
  const foreign = command.sequences.find((sequence) => !sequences.has(sequence.name))
  if (foreign) return `a sequence of ${foreign.name}`
  if (name === 'insert' && members['insert'] === outbox) return publishRefusal(members, command, scope, now)
  return commandRefusal(name, members, database, scope)
}

function commandRefusal(name: string, members: Document, database: string, scope: DataScope): string | undefined {
  if (name === 'explain') {
    const explained = members['explain'] as Document | undefined
    const inner = Object.keys(explained ?? {})[0] ?? ''
    return inner === 'explain'
      ? 'an explanation of an explanation'
      : commandRefusal(inner, explained ?? {}, database, scope)
  }
  if (name === 'getMore') return ownRefusal(members['collection'], scope)
  if (!onCollection.has(name)) return `command "${name}"`
  const refusal = ownRefusal(members[name], scope)
  if (refusal !== undefined || !withPipeline.has(name)) return refusal
  return (
    (members['viewOn'] === undefined ? undefined : ownRefusal(members['viewOn'], scope)) ??
    pipelineRefusal(members['pipeline'], database, scope)
  )
}

/** An event is stored by the plugin's own session; it must be one that the plugin may publish. */
function publishRefusal(members: Document, command: Command, scope: DataScope, now: Date): string | undefined {
  if (command.sequences.some(({ documents }) => documents.some((document) => findsTwice(document))))
    return 'an event that names a member twice'
  const parts = [command.body, ...command.sequences.flatMap(({ documents }) => documents)]
  if (parts.some(({ byteLength }) => byteLength > mostEventBytes))
    return `an event of more than ${mostEventBytes} bytes`
  const sent = command.sequences.flatMap(({ documents }) => documents.map((document) => BSON.deserialize(document)))
  const documents = [...sent, ...((members['documents'] ?? []) as Document[])]
  return documents.every((document) => isEvent(document, scope, now)) ? undefined : 'an event that it does not declare'
}

function isEvent(
  { _id, topic, key, at, publisher, payload: _, ...rest }: Document,
  scope: DataScope,
  now: Date,
): boolean {
  return (
    Object.keys(rest).length === 0 &&
    publisher === scope.plugin &&
    scope.topics.includes(topic as string) &&
    typeof key === 'string' &&
    at instanceof Date &&
    _id instanceof BSON.ObjectId &&
    // The id orders events: one from the future would hide those that come before it.
    Math.abs(_id.getTimestamp().getTime() - now.getTime()) < clockToleranceMs
  )
}
