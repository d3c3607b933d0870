import { Overlay } from './overlay.ts'

/** A key of a table. */
function key(table: number, text: string): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(table, 0)
  return Buffer.concat([head, Buffer.from(text)])
}

const nothing = new Overlay({ get: () => undefined, range: () => [], count: () => 0, keyAt: () => undefined })

function overlayOf(entries: readonly [Buffer, string | undefined][]): Overlay {
  const overlay = new Overlay(nothing)
  for (const [at, value] of entries) overlay.set(at, value === undefined ? undefined : Buffer.from(value))
  return overlay
}

function contentOf(overlay: Overlay, table: number): string[] {
  const range = { start: key(table, ''), end: key(table + 1, '') }
  return [...overlay.range(range)].map(
    ({ key: at, value }) => `${at.subarray(4).toString()}=${Buffer.from(value).toString()}`,
  )
}

describe('an overlay that takes over another', () => {
  it('has the entries of both, the newer where both have one, and what was removed is gone', () => {
    const overlay = overlayOf([
      [key(1, 'a'), 'old'],
      [key(1, 'c'), 'kept'],
      [key(1, 'd'), 'goes'],
    ])
    expect(contentOf(overlay, 1)).toEqual(['a=old', 'c=kept', 'd=goes'])
    overlay.adopt(
      overlayOf([
        [key(1, 'a'), 'new'],
        [key(1, 'b'), 'added'],
        [key(1, 'd'), undefined],
        [key(2, 'x'), 'elsewhere'],
      ]),
    )
    expect(contentOf(overlay, 1)).toEqual(['a=new', 'b=added', 'c=kept'])
    expect(contentOf(overlay, 2)).toEqual(['x=elsewhere'])
  })

  it('weighs what room it needs in the file, whichever way it got it', () => {
    const entries: [Buffer, string][] = [
      [key(1, 'a'), 'value'],
      [key(2, 'b'), 'another value'],
    ]
    const { weight } = overlayOf(entries)
    const empty = overlayOf([])
    empty.adopt(overlayOf(entries))
    const half = overlayOf(entries.slice(0, 1))
    half.adopt(overlayOf(entries.slice(1)))
    const same = overlayOf([[key(2, 'a'), 'value']])
    same.adopt(overlayOf(entries.slice(1)))
    expect(weight).toEqual({ entries: 2, bytes: 28 })
    for (const overlay of [empty, half, same]) expect(overlay.weight).toEqual(weight)
  })
})

describe('an overlay of many keys', () => {
  it('reads them in order, both ways and between bounds, whatever order they came in and while more come', () => {
    const overlay = new Overlay(nothing)
    const nameOf = (i: number): string => String((i * 7919) % 10_007).padStart(5, '0')
    const names: string[] = []
    for (let i = 0; i < 9000; i++) {
      names.push(nameOf(i))
      overlay.set(key(1, nameOf(i)), Buffer.from('x'))
      // The first look comes before there are many.
      if (i === 1500) expect(contentOf(overlay, 1)).toHaveLength(1501)
    }
    names.sort()
    expect(contentOf(overlay, 1)).toEqual(names.map((name) => `${name}=x`))
    const between = { start: key(1, '02000'), end: key(1, '03000') }
    const wanted = names.filter((name) => name >= '02000' && name < '03000')
    const read = [...overlay.range({ ...between, reverse: true })].map((entry) => entry.key.subarray(4).toString())
    expect(read).toEqual(wanted.toReversed())
    expect(overlay.count(between.start, between.end)).toBe(wanted.length)
    const keyAt = (entries: number) => overlay.keyAt(between.start, between.end, entries)?.subarray(4).toString()
    expect([0, 10, wanted.length - 1, wanted.length].map(keyAt)).toEqual([
      wanted[0],
      wanted[10],
      wanted.at(-1),
      undefined,
    ])
    const seen = new Set<string>()
    let added = 9000
    for (const entry of overlay.range({ start: key(1, ''), end: key(2, '') })) {
      seen.add(entry.key.subarray(4).toString())
      if (added < 10_000) overlay.set(key(1, nameOf(added++)), Buffer.from('x'))
    }
    expect(names.filter((name) => !seen.has(name))).toEqual([])
  })
})
