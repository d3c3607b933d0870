export { type Envelope, envelopeOf, openEnvelope, signEnvelope } from './dsse.ts'
export { keyIdOf, newPublisherKey, readPrivateKey, readPublicKeys } from './keys.ts'
export { type PublisherSignature, publisherSignature, signatureFindings, signFiles } from './publisher-signature.ts'
