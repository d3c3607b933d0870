import { memberPointer, namesOf } from './json-pointer.ts'

it.each(['plain', 'a/b', 'a~b', '~1', '~0/', '', '0'])('a member named "%s" is found by its pointer', (name) => {
  const pointer = memberPointer(memberPointer('', 'around'), name)
  expect(namesOf(pointer)).toEqual(['around', name])
  expect(pointer.split('/')).toHaveLength(3)
})

it('writes a pointer as RFC 6901 does, and takes an item of a list by its number', () => {
  expect(memberPointer(memberPointer('/paths', '/a~b'), 2)).toBe('/paths/~1a~0b/2')
  expect(namesOf('')).toEqual([])
})
