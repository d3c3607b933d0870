import { generateKeyPairSync, sign } from 'node:crypto'
import { type FeedKey, signedBytes, type UiFeed } from '@dcesop/sdk-plugin/contracts'
import { FeedRejected, verifyFeed } from './verify.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const key = publicKey.export({ format: 'jwk' }) as unknown as FeedKey
const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as unknown as FeedKey

const feed: UiFeed = {
  revision: 7,
  plugins: [
    {
      id: 'customers',
      version: '1.2.0',
      titleKey: 'plugin.title',
      state: 'active',
      baseUrl: '/ui/customers/1.2.0-0a1b2c3d/',
      remoteEntry: 'remoteEntry.js',
      container: 'dcesop_customers_1_2_0',
      pages: [],
      extensions: [],
      points: [],
      integrity: { 'remoteEntry.js': `sha384-${'a'.repeat(64)}` },
      locales: {},
    },
  ],
  unavailable: [],
}

const signed = (value: unknown) => {
  const payload = JSON.stringify(value)
  const signature = sign(null, signedBytes(payload), privateKey).toString('base64')
  return { payload, signature, keyId: 'k1', publicKey: key }
}
const withPlugin = (change: object) => signed({ ...feed, plugins: [{ ...feed.plugins[0], ...change }] })

describe('verifyFeed', () => {
  it('gives the feed that the host signed, also with letters outside ASCII', async () => {
    const spanish = {
      ...feed,
      unavailable: [
        {
          id: 'señal',
          version: '1.0.0',
          titleKey: 'plugin.title',
          state: 'disabled',
          since: '',
          pages: [],
          extensions: [],
        },
      ],
    }
    expect(await verifyFeed(signed(spanish), key)).toEqual(spanish)
  })

  it('refuses one changed byte, a foreign key and a foreign signature', async () => {
    const good = signed(feed)
    await expect(verifyFeed({ ...good, payload: good.payload.replace('1.2.0-0a', '1.2.0-0b') }, key)).rejects.toThrow(
      FeedRejected,
    )
    await expect(verifyFeed(good, stranger)).rejects.toThrow('not the host’s')
    await expect(verifyFeed({ ...good, signature: signed({ ...feed, revision: 8 }).signature }, key)).rejects.toThrow(
      FeedRejected,
    )
  })

  it('refuses a replayed older feed', async () => {
    await expect(verifyFeed(signed(feed), key, 8)).rejects.toThrow('revision 7, but 8')
    expect((await verifyFeed(signed(feed), key, 7)).revision).toBe(7)
  })

  it.each([
    ['another origin', { baseUrl: 'https://evil.example/ui/customers/1.2.0-0a1b2c3d/' }],
    ['another plugin’s directory', { baseUrl: '/ui/diagnostics/1.2.0-0a1b2c3d/' }],
    ['a way out of its directory', { baseUrl: '/ui/customers/1.2.0-x/../../../' }],
    ['another container', { container: 'dcesop_shell' }],
    ['no vouched entry', { integrity: {} }],
  ])('refuses a plugin with %s', async (_, change) => {
    await expect(verifyFeed(withPlugin(change), key)).rejects.toThrow(FeedRejected)
  })

  it('refuses a signed text that is no feed', async () => {
    await expect(verifyFeed(signed({ revision: 'x' }), key)).rejects.toThrow(FeedRejected)
    await expect(verifyFeed(signed(null), key)).rejects.toThrow(FeedRejected)
  })
})
