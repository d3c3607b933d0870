import { choiceOf, rangeOf, wantBody, type WantedRow, wantedRows } from './wanted.ts'

const row = (range: string | null, pinned: WantedRow['wish']['pinned'] = null, channel?: string): WantedRow => ({
  ...{ region: 'mx', version: '1.2.3', wish: { range, pinned, channel: channel ?? null }, waiting: null },
})

it.each([
  [null, 'fixed', ''],
  ['~1.2.3', 'patch', ''],
  ['^1.2.3', 'minor', ''],
  ['1.2.x', 'own', '1.2.x'],
] as const)('a wish for %p is chosen as %s', (range, way, written) => {
  expect(choiceOf(row(range))).toEqual({ way, range: written, pinned: false, channel: '' })
  expect(rangeOf(way, '1.2.3', written)).toBe(range)
})

it('a channel of its own is chosen again, and that of the instance by nothing', () => {
  expect(choiceOf(row('~1.2.3', null, 'next')).channel).toBe('next')
  expect(choiceOf(row('~1.2.3')).channel).toBe('')
})

it('what is sent has what was chosen, and nothing else', () => {
  const reason = ' a reason that is long enough '
  expect(wantBody(row(null), { way: 'patch', range: '', pinned: false, channel: '' }, reason)).toEqual({
    ...{ region: 'mx', range: '~1.2.3', reason: reason.trim() },
  })
  const everywhere = { ...row(null), region: null }
  expect(wantBody(everywhere, { way: 'fixed', range: 'x', pinned: true, channel: 'next' }, reason)).toEqual({
    ...{ pinned: true, channel: 'next', reason: reason.trim() },
  })
})

it('a region has a row of its own when it differs, and an older host has none', () => {
  const region = { enabled: true, serving: '1.0.0', previous: null }
  const regions = [
    { ...region, region: 'br', differs: false, version: '1.1.0' },
    { ...region, region: 'mx', differs: true, version: '1.0.0', range: '~1.0.0', channel: 'next' },
  ]
  const desired = { range: null, pinned: null, waiting: null }
  const rows = wantedRows({ version: '1.1.0', regions, desired } as never)
  expect(rows.map(({ region: one, version, wish }) => [one, version, wish.channel])).toEqual([
    [null, '1.1.0', null],
    ['mx', '1.0.0', 'next'],
  ])
  expect(wantedRows({ version: '1.1.0', regions, desired: {} } as never)).toEqual([])
})
