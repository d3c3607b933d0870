import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { packFiles, PackageError, readPackage, readTarball, signaturePath, writeTarball } from '../package/index.ts'
import { minimalManifest } from '../testing/manifest.ts'
import { openEnvelope, signEnvelope } from './dsse.ts'
import { keyIdOf, newPublisherKey, publisherSignature, readPrivateKey, readPublicKeys } from './index.ts'

const files = new Map(
  Object.entries({
    'package.json': JSON.stringify({ name: '@acme/dcesop-demo', version: '1.0.0' }),
    'dcesop.plugin.json': JSON.stringify(minimalManifest()),
    'locales/es.json': '{}',
    'locales/pt-BR.json': '{}',
    'locales/en.json': '{}',
  }).map(([path, text]) => [path, Buffer.from(text)] as const),
)
const acme = newPublisherKey()
const mallory = newPublisherKey()
const known = readPublicKeys([acme.publicKey])

describe('the signature of a publisher', () => {
  it('is found again by the publisher’s key, and by no other', async () => {
    const read = await readPackage(await packFiles(files, [readPrivateKey(acme.privateKey)]))
    expect(publisherSignature(read.files, known)).toEqual({ signers: [acme.keyId] })
    expect(publisherSignature(read.files, readPublicKeys([mallory.publicKey]))).toBeUndefined()
    expect(publisherSignature(files, known)).toBeUndefined()
  })

  it('is the same for the same files', async () => {
    const pack = () => packFiles(files, [readPrivateKey(acme.privateKey)])
    expect((await pack()).equals(await pack())).toBe(true)
  })

  it('does not carry over to other files', async () => {
    const signed = await readTarball(await packFiles(files, [readPrivateKey(acme.privateKey)]))
    const other = await readTarball(await packFiles(new Map([...files, ['README.md', Buffer.from('new')]])))
    other.set(signaturePath, signed.get(signaturePath) as Buffer)
    const refused = await readPackage(await writeTarball(other)).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(PackageError)
    expect((refused as PackageError).findings.map(({ rule }) => rule)).toEqual(['package-signature-other'])
  })

  it.each(['{}', 'x', '{"payloadType":"a","payload":"*","signatures":[{"keyid":"a","sig":""}]}'])(
    'is refused when it is no envelope: %s',
    async (text) => {
      const broken = await readTarball(await packFiles(files))
      broken.set(signaturePath, Buffer.from(text))
      await expect(readPackage(await writeTarball(broken))).rejects.toThrow('package-signature-form')
    },
  )

  it('is not believed from a key that only claims a known id', async () => {
    const forged = await readTarball(await packFiles(files, [readPrivateKey(mallory.privateKey)]))
    const text = (forged.get(signaturePath) as Buffer).toString().replace(mallory.keyId, acme.keyId)
    forged.set(signaturePath, Buffer.from(text))
    expect(publisherSignature(forged, known)).toBeUndefined()
  })

  it('needs an Ed25519 key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(() => readPrivateKey(pem)).toThrow('Ed25519')
  })
})

describe('an envelope', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = new Map([[keyIdOf(publicKey), publicKey]])

  it('binds the type of its payload', () => {
    const envelope = signEnvelope('a', Buffer.from('x'), [privateKey])
    expect(openEnvelope(envelope, 'a', keys)?.payload.toString()).toBe('x')
    expect(openEnvelope(envelope, 'b', keys)).toBeUndefined()
    expect(openEnvelope({ ...envelope, payloadType: 'b' }, 'b', keys)).toBeUndefined()
  })

  it('names each signer once', () => {
    const second = createPublicKey(acme.publicKey)
    const envelope = signEnvelope('a', Buffer.from('x'), [privateKey, privateKey, readPrivateKey(acme.privateKey)])
    const both = new Map([...keys, [keyIdOf(second), second]])
    expect(openEnvelope(envelope, 'a', both)?.signers).toEqual([keyIdOf(publicKey), acme.keyId])
  })
})
