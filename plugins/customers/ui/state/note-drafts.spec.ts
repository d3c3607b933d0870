import { memoryStorage } from '../testing/memory-storage.ts'
import { noteDrafts } from './note-drafts.ts'

const luis = { region: 'mx', id: 'c_00000000000000000001' }
const draft = { text: 'Llama otra vez a las nueve: «María».', idempotencyKey: 'k1' }

function newKey(): () => Promise<CryptoKey> {
  const key = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return () => key
}

describe('notes being written', () => {
  it('are there after a reload, each with its customer', async () => {
    const [storage, key] = [memoryStorage(), newKey()]
    await noteDrafts('ana', storage, key).keep(luis, draft)
    const after = noteDrafts('ana', storage, key)
    expect(await after.read(luis)).toEqual(draft)
    expect(await after.read({ ...luis, id: 'c_00000000000000000002' })).toBeUndefined()
    await after.keep(luis, undefined)
    expect(storage).toHaveLength(0)
  })

  it('are nobody else’s to read, under whatever name', async () => {
    const [storage, key] = [memoryStorage(), newKey()]
    await noteDrafts('ana', storage, key).keep(luis, draft)
    const [name] = [storage.key(0) as string]
    const sealed = storage.getItem(name) as string
    expect(atob(sealed)).not.toContain('nueve')
    expect(await noteDrafts('ana', storage, newKey()).read(luis)).toBeUndefined()
    storage.setItem(name.replace('ana', 'eva'), sealed)
    expect(await noteDrafts('eva', storage, key).read(luis)).toBeUndefined()
    // The writer finds them still.
    expect(await noteDrafts('ana', storage, key).read(luis)).toEqual(draft)
  })

  it('end as they were last, whichever is sealed first', async () => {
    const [storage, key] = [memoryStorage(), newKey()]
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let asked = 0
    const drafts = noteDrafts('ana', storage, async () => {
      if (++asked === 1) await held
      return key()
    })
    const first = drafts.keep(luis, { ...draft, text: 'L' })
    await drafts.keep(luis, draft)
    release()
    await first
    expect(await drafts.read(luis)).toEqual(draft)
    void drafts.keep(luis, draft)
    await drafts.keep(luis, undefined)
    expect(await drafts.read(luis)).toBeUndefined()
  })

  it('do not hinder who writes without the host or the room', async () => {
    const full = { ...memoryStorage(), setItem: () => raise() }
    await expect(noteDrafts('ana', full, newKey()).keep(luis, draft)).resolves.toBeUndefined()
    await expect(noteDrafts('ana', memoryStorage(), raise).keep(luis, draft)).resolves.toBeUndefined()
  })
})

function raise(): never {
  throw new Error('not now')
}
