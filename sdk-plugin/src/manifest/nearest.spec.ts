import { nearest } from './nearest.ts'

it('finds what was meant, by letters that are missing, too many, wrong or swapped', () => {
  const words = ['gauge', 'globe', 'pack', 'publish', 'permission', 'constructor']
  expect(nearest('gague', words)).toEqual(['gauge'])
  expect(nearest('pubish', words)).toEqual(['publish'])
  expect(nearest('Permision', words)).toEqual(['permission'])
  expect(nearest('pac', words)).toEqual(['pack'])
  expect(nearest('glove', ['glob', 'globe', 'gloves', 'gloved', 'cloves'])).toEqual(['globe', 'gloves', 'gloved'])
  expect(nearest('', words)).toEqual([])
  expect(nearest('x'.repeat(100_000), words)).toEqual([])
})
