import { Problem } from '@dcesop/sdk-plugin'
import { entryHash } from '@dcesop/sdk-plugin/signing'
import { addRoute } from '../../http/json-route.ts'
import type { Routes } from '../../http/server.ts'
import type { TransparencyLog } from './transparency-log.ts'
import type { WitnessedLog } from './witnessed-log.ts'

const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const page = {
  type: 'object',
  additionalProperties: false,
  properties: { from: { ...count, default: 0 }, limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
}
const history = {
  type: 'object',
  additionalProperties: false,
  properties: {
    package: { type: 'string', maxLength: 214 },
    subject: { type: 'string', maxLength: 400 },
    region: { type: 'string', maxLength: 40 },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
  },
}
const size = { type: 'object', additionalProperties: false, properties: { size: count } }
const sizes = {
  type: 'object',
  additionalProperties: false,
  required: ['from'],
  properties: { from: count, to: count },
}

/** The log for whoever wants to check it: entries, signed head, proofs. */
export function logRoutes(log: TransparencyLog, witnessed: WitnessedLog): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/log',
      access: 'anyone',
      query: page,
      async handler({ query }) {
        const { from, limit } = query as { from: number; limit: number }
        const head = await witnessed.head()
        const entries: string[] = []
        for await (const text of log.texts(from, Math.min(from + limit, head.size))) entries.push(text)
        return { size: head.size, root: head.root, from, entries }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/log/history',
      access: 'anyone',
      query: history,
      async handler({ query }) {
        const { limit, ...filter } = query as { limit: number; package?: string; subject?: string; region?: string }
        const texts = await log.history(filter, limit)
        return { entries: texts.map((text) => JSON.parse(text) as object) }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/log/head',
      access: 'anyone',
      handler: () => witnessed.signedHead() as Promise<object>,
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/log/entries/{seq}/proof',
      access: 'anyone',
      query: size,
      async handler({ params, query }) {
        const head = await witnessed.head()
        const { size: of = head.size } = query as { size?: number }
        const seq = /^\d{1,15}$/.test(params['seq'] ?? '') ? Number(params['seq']) : NaN
        if (of > head.size || !(seq < of)) throw new Problem(404, 'not_found', `The log has ${head.size} entries.`)
        const text = await log.find(seq)
        if (text === undefined) throw new Problem(503, 'log_altered', `Entry ${seq} of the log is gone.`)
        const proof = await log.inclusion(seq, of)
        return { seq, size: of, entry: text, leaf: entryHash(text).toString('hex'), proof: proof.map(hex) }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/log/consistency',
      access: 'anyone',
      query: sizes,
      async handler({ query }) {
        const head = await witnessed.head()
        const { from, to = head.size } = query as { from: number; to?: number }
        if (to > head.size || from > to)
          throw new Problem(400, 'invalid_request', `Ask for 0 <= from <= to <= ${head.size}.`)
        const proof = from === to ? [] : await log.consistency(from, to)
        return { from, to, proof: proof.map(hex) }
      },
    })
  }
}

function hex(hash: Buffer): string {
  return hash.toString('hex')
}
