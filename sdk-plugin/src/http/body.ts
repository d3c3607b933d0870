import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Problem } from '../backend/problem.ts'
import { parseStrictJson } from './strict-json.ts'
import type { Check } from './validators.ts'

/**
 * The validated body of a route that takes JSON; undefined for one that takes none. Read here and not by hapi, which cuts the
 * connection of a client whose unannounced body is too large instead of answering 413.
 * @throws Problem 400, 413 or 415
 */
export async function readJson(request: IncomingMessage, maxBytes: number, check: Check | undefined): Promise<unknown> {
  announcedWithin(request, maxBytes)
  const plain = request.headers['content-encoding'] === undefined
  const bytes = await collect(plain ? request : limitedStream(request, maxBytes), maxBytes)
  if (check && bytes.length > 0) return check(parseStrictJson(bytes))
  if (check) throw new Problem(400, 'malformed_json', 'The body is empty; JSON is expected.')
  if (bytes.length > 0) throw new Problem(400, 'unexpected_body', 'This route takes no body.')
  return undefined
}

/** Everything that a stream gives, by events: half the time of an async iteration, and most requests pass here. */
function collect(source: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let total = 0
    source.on('data', (chunk: Buffer) => {
      total += chunk.length
      if (total <= maxBytes) chunks.push(chunk)
      else reject(tooLarge(maxBytes))
    })
    source.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    source.on('error', reject)
    source.on('close', () => reject(incomplete()))
  })
}

/** Who says beforehand that the body is too large need not send it: hapi would read it all before it answers. @throws Problem 413 */
export function announcedWithin({ headers }: IncomingMessage, maxBytes: number): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, 'payload_too_large', `The body is larger than the ${maxBytes} bytes that this route accepts.`)
}

function incomplete(): Problem {
  return new Problem(400, 'incomplete_body', 'The body ended before its announced length.')
}

/**
 * The body as a stream that fails with Problem 413 beyond `maxBytes`, counted after gzip was undone, and with 400 on bad gzip.
 * @throws Problem 415 for another content encoding
 */
export function limitedStream(request: IncomingMessage, maxBytes: number): Readable {
  announcedWithin(request, maxBytes)
  // The names have no case, and gzip has two (RFC 9110, 8.4.1).
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  const counter = byteLimit(maxBytes)
  if (encoding === 'identity') {
    request.pipe(counter)
  } else if (encoding === 'gzip' || encoding === 'x-gzip') {
    const gunzip = createGunzip()
    gunzip.on('error', (cause) =>
      counter.destroy(new Problem(400, 'malformed_encoding', 'The body is not valid gzip.', { cause })),
    )
    counter.on('close', () => gunzip.destroy())
    request.pipe(gunzip).pipe(counter)
  } else throw new Problem(415, 'unsupported_media_type', 'The body may be sent as it is or with gzip.')
  request.on('close', () => {
    if (!request.complete) counter.destroy(incomplete())
  })
  return counter
}

function byteLimit(maxBytes: number): Transform {
  let total = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length
      if (total <= maxBytes) return done(null, chunk)
      done(tooLarge(maxBytes))
    },
  })
}
