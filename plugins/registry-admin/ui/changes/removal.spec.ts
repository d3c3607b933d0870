import { mistakesOf, removalBody } from './removal.ts'

const reason = 'replaced by the new one'

it('drops data only with the id of the plugin, exactly as it is written', () => {
  expect(removalBody({ reason })).toEqual({ reason })
  expect(removalBody({ reason, confirm: 'radio ' })).toEqual({ dropData: true, confirm: 'radio', reason })
  expect(mistakesOf('radio', { reason, confirm: 'radio ' })).toEqual([])
  for (const confirm of ['', 'Radio', 'radio-lab'])
    expect(mistakesOf('radio', { reason, confirm })).toEqual(['confirm'])
})

it('wants a reason that somebody can read later', () => {
  expect(mistakesOf('radio', { reason: '   no more   ' })).toEqual(['reason'])
  expect(mistakesOf('radio', { reason })).toEqual([])
})
