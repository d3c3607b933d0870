import { UUID } from 'bson'
import type { Document } from 'bson'
import { encode } from '../bson/raw.ts'
import type { RawDocument } from '../bson/types.ts'
import type { Connection } from '../commands/command.ts'
import { dispatch } from '../commands/dispatch.ts'
import { Server } from '../commands/server.ts'
import type { Engine } from '../engine/engine.ts'
import type { Reply } from '../wire/reply.ts'

/** Runs commands without a socket, with the checks and the meaning that they have for every client. */
export class LocalClient {
  private readonly server: Server
  private readonly connection: Connection = {
    id: 0,
    uuid: new UUID(),
    appName: undefined,
    remote: 'local',
    clientMetadata: undefined,
    gone: undefined,
    left: undefined,
  }

  constructor(engine: Engine) {
    this.server = new Server(engine)
  }

  /** The reply, which may say that it failed; `documents` are an insert's. */
  run(database: string, command: Document, documents?: RawDocument[]): Promise<Reply> {
    const body = { ...command, $db: database }
    return dispatch(this.server, this.connection, {
      requestId: 0,
      opCode: 2013,
      body,
      raw: encode(body),
      sequences: new Map(documents && [['documents', documents]]),
      moreToCome: false,
      exhaustAllowed: false,
    })
  }
}
