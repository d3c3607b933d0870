import { createServer } from 'node:http'
import type { Identity } from '@dcesop/sdk-plugin'
import { type AddressInfo, connect } from 'node:net'
import { promisify } from 'node:util'
import { io, type Socket } from 'socket.io-client'
import { Strangers } from '../../audit/strangers.ts'
import { createLog } from '../../observability/log.ts'
import type { AuditPort, AuditRecord } from '../../ports.ts'
import { identityPolicy } from '../../plugins/testing/test-doubles.ts'
import { SocketHub } from '../hub.ts'

/** The one topic that is declared; three messages of it are kept for replay. */
export const topic = 'diagnostics.tiles'

interface Message {
  id: string
  key: string
  payload: unknown
}
interface Ack {
  ok: boolean
  code?: string
  latest?: string
  resync?: boolean
}

/** A hub that listens for the whole spec, with stubs for who calls; sockets are closed after each case. */
export function hubForAll() {
  const audited: AuditRecord[] = []
  const audit: AuditPort = { append: async (record) => void audited.push(record) }
  /** Sessions by cookie; a session that is taken out is over. */
  const living = new Map<string, Identity>()
  const endListeners = new Set<(sessionId: string, reason: string) => void>()

  function person(sessionId: string, permissions: string[] = ['diagnostics:view'], regions = ['br']): Identity {
    const identity: Identity = {
      subject: `a-${sessionId}`,
      kind: 'employee',
      displayName: 'A',
      roles: [],
      permissions: new Set(permissions),
      regions,
      locale: 'es',
      sessionId,
    }
    living.set(sessionId, identity)
    return identity
  }

  const activities: boolean[] = []
  let lookedUp: Promise<void> | undefined
  const listener = createServer()
  const hub = new SocketHub({
    authenticator: {
      authenticate: async (request, { activity }) => {
        activities.push(activity)
        await lookedUp
        return living.get(request.headers.cookie ?? '')
      },
    },
    sessions: {
      identities: async (ids) =>
        new Map(ids.flatMap((id) => (living.has(id) ? [[id, living.get(id) as Identity]] : []))),
      onEnded: (listen) => {
        endListeners.add(listen)
        return { dispose: () => void endListeners.delete(listen) }
      },
    },
    policy: identityPolicy,
    audit,
    strangers: new Strangers(audit),
    publicOrigin: null,
    log: createLog('silent'),
    recheckMs: 3_600_000,
    socketsPerAddress: 60,
  })
  const sockets: Socket[] = []
  let url: string

  beforeAll(async () => {
    hub.attach(listener)
    hub.declare(topic, { permission: 'diagnostics:view', replay: 3 })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  })

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect()
  })

  afterAll(async () => {
    await hub.close()
    await new Promise((resolve) => listener.close(resolve))
  })

  async function open(
    cookie: string,
    headers: Record<string, string> = {},
  ): Promise<{ socket: Socket; messages: Message[] }> {
    const socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { cookie, ...headers },
    })
    sockets.push(socket)
    const messages: Message[] = []
    socket.on('message', (message: Message) => messages.push(message))
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve)
      socket.on('connect_error', reject)
    })
    return { socket, messages }
  }

  const join = (socket: Socket, input: object): Promise<Ack> => socket.emitWithAck('subscribe', input) as Promise<Ack>
  const publish = (key: string, payload: unknown) => hub.publish(topic, { region: 'br', key, payload })
  const connections = promisify((told: (error: Error | null, count: number) => void) => listener.getConnections(told))
  /** An answered round trip: everything sent before it has arrived. */
  const settle = (socket: Socket) => join(socket, {})

  /** A WebSocket by hand, so that it can be left unread. */
  function upgrade(cookie: string) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const lines = [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      'host: x',
      `cookie: ${cookie}`,
      'connection: upgrade',
    ]
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    socket.write(
      [...lines, 'upgrade: websocket', 'sec-websocket-version: 13', `sec-websocket-key: ${key}`, '', ''].join('\r\n'),
    )
    return socket
  }

  return {
    hub,
    listener,
    audit,
    audited,
    living,
    endListeners,
    activities,
    sockets,
    person,
    open,
    join,
    publish,
    connections,
    settle,
    upgrade,
    /** Who somebody is, is looked up as slowly as the spec likes; at once without a promise. */
    lookUpAfter: (promise?: Promise<void>) => void (lookedUp = promise),
    get url() {
      return url
    },
  }
}

/** A masked frame. @param kind opcode of RFC 6455, a text when left out */
export function frame(text: string, kind = 1): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x80 | kind, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}
