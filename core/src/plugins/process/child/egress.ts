import { Problem } from '@dcesop/sdk-plugin'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls, { type ConnectionOptions } from 'node:tls'
import { Agent, setGlobalDispatcher } from 'undici'
import { egressHeaders, refusedCode } from '../egress-header.ts'
import type { EgressAccess } from '../protocol.ts'

/** What agents of `node:http` and the dispatcher of `fetch` say about a connection that they want. */
interface Wanted extends ConnectionOptions {
  readonly hostname?: string
}

type Done = (error: Error | null, socket?: Duplex) => void

/**
 * Leads `fetch`, `node:http` and `node:https` through the host, which connects to the hosts that the plugin was granted. There is
 * no other way out; TLS is the plugin's own, end to end.
 */
export function useEgress({ socketPath, certificates }: EgressAccess, key: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...certificates])
  const toHost = new http.Agent()
  toHost.createConnection = http.Agent.prototype.createConnection.bind(toHost)

  const tunnel = (host: string, port: number | string) =>
    new Promise<Socket>((resolve, reject) => {
      const path = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
      const headers = { [egressHeaders.key]: key }
      const request = http.request({ agent: toHost, socketPath, method: 'CONNECT', path, headers })
      request.on('error', reject)
      request.on('connect', (answer, socket) => {
        if (answer.statusCode === 200) return resolve(socket as Socket)
        socket.destroy()
        reject(refusal(answer))
      })
      request.end()
    })
  const plain = ({ hostname, host, port }: Wanted, done: Done) => {
    tunnel(bare(hostname ?? host), port ?? 80).then((socket) => done(null, socket), done)
  }
  const secure = ({ hostname, host, port, ...options }: Wanted, done: Done) => {
    const name = bare(hostname ?? host)
    tunnel(name, port || 443).then((socket) => {
      const servername = options.servername || (isIP(name) ? '' : name)
      const secured = tls.connect({ ALPNProtocols: ['http/1.1'], ...options, host: name, servername, socket })
      secured.once('error', done)
      secured.once('secureConnect', () => {
        secured.off('error', done)
        done(null, secured)
      })
    }, done)
  }
  const opening = (open: typeof plain): typeof http.Agent.prototype.createConnection =>
    function (options, done) {
      open(options as Wanted, done as Done)
      return undefined
    }
  http.Agent.prototype.createConnection = opening(plain)
  https.Agent.prototype.createConnection = opening(secure)
  setGlobalDispatcher(
    new Agent({
      connect: ({ protocol, port, ...options }, done) =>
        (protocol === 'https:' ? secure : plain)(
          { ...options, ...(port ? { port: Number(port) } : {}) } as Wanted,
          done as Done,
        ),
    }),
  )
}

function bare(host = 'localhost'): string {
  return host.replace(/^\[|\]$/g, '')
}

function refusal({ headers }: IncomingMessage): Error {
  const text = (name: string) => decodeURIComponent(String(headers[name] ?? ''))
  const [code, detail] = [text(egressHeaders.code), text(egressHeaders.detail)]
  if (code === refusedCode) return new Problem(502, refusedCode, detail)
  return Object.assign(new Error(detail || 'The host closed the way to other hosts.'), { code })
}
