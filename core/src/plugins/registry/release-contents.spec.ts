import { Unreachable } from './unreachable.ts'
import { ReleaseContents } from './release-contents.ts'

let now = 0
const clock = { now: () => new Date(now) }
const radio = '@acme/dcesop-radio@1.0.0'
const unknown = { kinds: null, bytes: null }

/** A registry that answers so, and what it was asked. */
function registry(answer: () => Promise<unknown>) {
  const asked: number[] = []
  const http = {
    json: async <T>(_path: string, { body }: { body?: object } = {}) => {
      asked.push((body as { versions: string[] }).versions.length)
      return { body: (await answer()) as T, etag: undefined }
    },
  }
  return { asked, contents: new ReleaseContents(http, clock) }
}
const of = async (contents: ReleaseContents, id = radio) => (await contents.of([id]))(id)

describe('what versions bring', () => {
  it('is asked of the registry once, by hundreds', async () => {
    const versions = { [radio]: { kinds: ['backend', 'ui'], packed: 10, unpacked: 40 } }
    const { asked, contents } = registry(() => Promise.resolve({ versions }))
    const many = [radio, ...Array.from({ length: 700 }, (_, n) => `@acme/dcesop-other@1.0.${n}`)]
    expect((await contents.of(many))(radio)).toEqual({ kinds: ['ui', 'backend'], bytes: 40 })
    expect(await of(contents)).toEqual({ kinds: ['ui', 'backend'], bytes: 40 })
    expect(asked).toEqual([500, 201])
  })

  it.each([
    {},
    { versions: null },
    { versions: 7 },
    { versions: { [radio]: null } },
    { versions: { [radio]: { kinds: 'ui', unpacked: -1 } } },
    { versions: { [radio]: { kinds: null, unpacked: '40' } } },
  ])('is not known of a registry that answers %j', async (answer) => {
    expect(await of(registry(() => Promise.resolve(answer)).contents)).toEqual(unknown)
  })

  it('is not known while the registry is away, which is not asked again for a minute', async () => {
    let away = true
    const { asked, contents } = registry(() =>
      away
        ? Promise.reject(new Unreachable({ id: 'answer.none' }))
        : Promise.resolve({ versions: { [radio]: { kinds: [], unpacked: 40 } } }),
    )
    expect(await of(contents)).toEqual(unknown)
    away = false
    expect(await of(contents)).toEqual(unknown)
    expect(asked).toEqual([1])
    now += 60_000
    expect(await of(contents)).toEqual({ kinds: [], bytes: 40 })
  })

  it('is shown later where the registry hangs: nobody waits for it', async () => {
    const { contents } = registry(() => new Promise(() => undefined))
    expect(await of(contents)).toEqual(unknown)
  })

  it('is not known without an address to ask', async () => {
    expect(await of(new ReleaseContents(undefined, clock))).toEqual(unknown)
  })
})
