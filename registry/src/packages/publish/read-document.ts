import { Problem } from '@dcesop/sdk-plugin'
import type { Readable } from 'node:stream'
import { chain } from 'stream-chain/core'
import Assembler from 'stream-json/core/assembler.js'
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import type { Json } from '@dcesop/sdk-plugin/host'
import type { Spool } from '../../storage/spool.ts'
import { Base64Sink, type StoredAttachment } from './base64-sink.ts'
import { NameGuard } from './name-guard.ts'

/** What a client PUT on a package. */
export interface PublishDocument {
  /** The document without the data of its attachments. */
  readonly document: Json
  /** By the name under `_attachments`; the owner of the document discards their files. */
  readonly attachments: ReadonlyMap<string, StoredAttachment>
}

/** Everything but the data of the attachments. */
const mostMetadata = 8 * 1024 * 1024
const mostAttachments = 2

/**
 * Reads a publish document as it arrives: the tarball goes to a file, hashed, and is never in memory as a whole; the rest is assembled.
 * @throws Problem 400 or 413; what was written by then is gone
 */
export async function readDocument(body: Readable, spool: Spool): Promise<PublishDocument> {
  const sinks = new Map<string, Base64Sink>()
  const attachments = new Map<string, StoredAttachment>()
  const assembler = new Assembler<Json>()
  const guard = new NameGuard()
  let sink: Base64Sink | undefined
  let pieces: string[] | undefined
  let metadata = 0

  const take = async (token: Token): Promise<void> => {
    if (token.name === 'startString') {
      const name = attachmentAt(assembler)
      if (name === undefined) pieces = []
      else if (sinks.size >= mostAttachments || sinks.has(name))
        throw new Problem(400, 'invalid_publish', `A publish has at most ${mostAttachments} attachments.`)
      else sinks.set(name, (sink = new Base64Sink(await spool.create())))
    } else if (token.name === 'stringChunk') {
      if (sink) return sink.write(token.value)
      pieces?.push(token.value)
      metadata += token.value.length
    } else if (token.name === 'endString') {
      if (sink) attachments.set(attachmentAt(assembler) as string, await sink.end())
      assembler.consume({ name: 'stringValue', value: sink ? '' : (pieces ?? []).join('') })
      sink = pieces = undefined
    } else {
      if ('value' in token) metadata += String(token.value).length
      guard.consume(token)
      assembler.consume(token)
    }
    if (metadata > mostMetadata)
      throw new Problem(413, 'payload_too_large', `A publish has at most ${mostMetadata} bytes beside its tarball.`)
  }

  try {
    const parse = jsonParser({ packStrings: false, streamKeys: false, streamNumbers: false })
    for await (const token of chain([parse])(textOf(body))) await take(token as Token)
    return { document: objectOf(assembler), attachments }
  } catch (error) {
    for (const { file } of sinks.values()) await file.discard()
    throw problemOf(error)
  }
}

/** The attachment whose data comes next, if that is where the document is. */
function attachmentAt(assembler: Assembler<Json>): string | undefined {
  const [root, name, ...deeper] = assembler.path
  const here = root === '_attachments' && deeper.length === 0 && assembler.key === 'data'
  // Other attachments are text, and small.
  return here && typeof name === 'string' && name.endsWith('.tgz') ? name : undefined
}

async function* textOf(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  // Ending early must not close the connection: the answer still has to go out.
  for await (const chunk of body.iterator({ destroyOnReturn: false }))
    yield decoder.decode(chunk as Buffer, { stream: true })
  yield decoder.decode()
}

function objectOf({ current, done }: Assembler<Json>): Json {
  if (!done || current === null) throw new Problem(400, 'malformed_json', 'The body is not one complete JSON value.')
  if (typeof current === 'object' && !Array.isArray(current)) return current
  throw new Problem(400, 'invalid_publish', 'The body must be one JSON object.')
}

function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new Problem(400, 'malformed_encoding', 'The body is not valid UTF-8.', { cause: error })
  if (message?.startsWith('Parser '))
    return new Problem(400, 'malformed_json', 'The body is not valid JSON.', { cause: error })
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new Problem(400, 'incomplete_body', 'The body ended before its announced length.', { cause: error })
  return error
}
