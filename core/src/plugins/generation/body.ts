import { Problem } from '@dcesop/sdk-plugin'
import { parseStrictJson } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Check } from './validators.ts'

/**
 * The validated body of a route that takes JSON; undefined for one that takes none. Read here and not by hapi, which cuts the
 * connection of a client whose unannounced body is too large instead of answering 413.
 * @throws Problem 400, 413 or 415
 */
export async function readJson(request: IncomingMessage, maxBytes: number, check: Check | undefined): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of limitedStream(request, maxBytes)) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  if (check && bytes.length > 0) return check(parseStrictJson(bytes))
  if (check) throw new Problem(400, 'malformed_json', 'The body is empty; JSON is expected.')
  if (bytes.length > 0) throw new Problem(400, 'unexpected_body', 'This route takes no body.')
  return undefined
}

/**
 * The body as a stream that fails with Problem 413 beyond `maxBytes`, counted after gzip was undone, and with 400 on bad gzip.
 * @throws Problem 415 for another content encoding
 */
export function limitedStream(request: IncomingMessage, maxBytes: number): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  const counter = byteLimit(maxBytes)
  if (encoding === 'identity') {
    request.pipe(counter)
  } else if (encoding === 'gzip') {
    const gunzip = createGunzip()
    gunzip.on('error', (cause) =>
      counter.destroy(new Problem(400, 'malformed_encoding', 'The body is not valid gzip.', { cause })),
    )
    counter.on('close', () => gunzip.destroy())
    request.pipe(gunzip).pipe(counter)
  } else throw new Problem(415, 'unsupported_media_type', 'The body may be sent as it is or with gzip.')
  request.on('close', () => {
    if (!request.complete)
      counter.destroy(new Problem(400, 'incomplete_body', 'The body ended before its announced length.'))
  })
  return counter
}

function byteLimit(maxBytes: number): Transform {
  let total = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length
      if (total <= maxBytes) return done(null, chunk)
      done(
        new Problem(413, 'payload_too_large', `The body is larger than the ${maxBytes} bytes that this route accepts.`),
      )
    },
  })
}
