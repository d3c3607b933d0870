import type { KeyObject } from 'node:crypto'
import { parseObject } from '../package/content-rules.ts'
import { fileListPath, signaturePath } from '../package/file-list.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'
import { envelopeOf, openEnvelope, signEnvelope } from './dsse.ts'

export const fileListType = 'application/vnd.dcesop.files+json'

/** Who signed a package's file list. */
export interface PublisherSignature {
  /** Ids of the known keys that signed. */
  readonly signers: readonly string[]
}

/** The content of `dcesop.files.dsse.json`: the publisher's signature over the exact bytes of the file list. */
export function signFiles(fileList: Buffer, keys: readonly KeyObject[]): Buffer {
  return Buffer.from(`${JSON.stringify(signEnvelope(fileListType, fileList, keys), null, 2)}\n`)
}

/** The signature of a package whose files were checked; undefined without one by these keys. */
export function publisherSignature(
  files: ReadonlyMap<string, Buffer>,
  keys: ReadonlyMap<string, KeyObject>,
): PublisherSignature | undefined {
  const envelope = publisherEnvelope(files)
  const opened = envelope && openEnvelope(envelope, fileListType, keys)
  return opened && files.get(fileListPath)?.equals(opened.payload) ? { signers: opened.signers } : undefined
}

/** A signature that is there must be over this package's own list, whoever made it. */
export function signatureFindings(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  if (!files.has(signaturePath)) return []
  const envelope = publisherEnvelope(files)
  if (!envelope) return [finding('package-signature-form', { file: signaturePath })]
  const list = files.get(fileListPath)
  if (envelope.payloadType === fileListType && list?.equals(Buffer.from(envelope.payload, 'base64'))) return []
  return [finding('package-signature-other', { file: signaturePath, list: fileListPath })]
}

/** The envelope of a package that carries one. */
export function publisherEnvelope(files: ReadonlyMap<string, Buffer>) {
  const content = files.get(signaturePath)
  return content && envelopeOf(parseObject(content))
}
