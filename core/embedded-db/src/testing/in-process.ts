import { deserialize, UUID } from 'bson'
import type { DeserializeOptions, Document } from 'bson'
import { BsonWriter } from '../bson/writer.ts'
import type { Connection } from '../commands/command.ts'
import { dispatch } from '../commands/dispatch.ts'
import { Server } from '../commands/server.ts'
import { openEngine } from '../engine/open.ts'
import { openTemporaryFolder } from '../store/data-folder.ts'
import type { Durability } from '../store/lmdb-store.ts'
import { OP_MSG, parseMessage } from '../wire/message.ts'
import { encodeReply } from '../wire/reply.ts'

const MESSAGE_PREFIX = 21

export interface InProcess {
  server: Server
  /** Sends a command as the bytes of a message and gives the reply read from its bytes; only the socket is left out. */
  command(body: Document): Promise<Document>
  /** The same with every value of the reply in its own type. */
  typed(body: Document): Promise<Document>
  stop(): Promise<void>
}

/** How to send commands to a server as the bytes of messages. */
export function commandsOf(server: Server): Pick<InProcess, 'command' | 'typed'> {
  const connection: Connection = {
    id: 1,
    uuid: new UUID(),
    appName: undefined,
    remote: 'in process',
    clientMetadata: undefined,
    gone: undefined,
    left: undefined,
  }
  const answer = async (body: Document, options: DeserializeOptions): Promise<Document> => {
    const request = parseMessage(messageOf(body))
    const { message } = encodeReply(request, await dispatch(server, connection, request))
    return deserialize(Buffer.concat(message).subarray(MESSAGE_PREFIX), { bsonRegExp: true, ...options })
  }
  return {
    command: (body) => answer(body, {}),
    typed: (body) => answer(body, { promoteValues: false }),
  }
}

/** An engine of its own in a temporary folder, without a listener: for as many commands as a test can make. */
export function startInProcess(durability: Durability = 'none'): InProcess {
  const folder = openTemporaryFolder()
  const { engine, close } = openEngine(folder, durability)
  const server = new Server(engine)
  return {
    server,
    ...commandsOf(server),
    stop: async () => {
      server.stop()
      await engine.close()
      await close()
    },
  }
}

/** A command as the bytes of a message. */
export function messageOf(body: Document): Buffer {
  const writer = new BsonWriter()
  writer.skip(MESSAGE_PREFIX)
  writer.document(body)
  const message = writer.finish()
  message.fill(0, 0, MESSAGE_PREFIX)
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(OP_MSG, 12)
  return message
}
