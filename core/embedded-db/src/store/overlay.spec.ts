import { Overlay } from './overlay.ts'

/** A key of a table. */
function key(table: number, text: string): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(table, 0)
  return Buffer.concat([head, Buffer.from(text)])
}

const nothing = new Overlay({ get: () => undefined, range: () => [], count: () => 0 })

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
