import { ref } from 'vue'
import { few, useFirstFew } from './use-first-few.ts'

const list = (length: number) => ref(Array.from({ length }, (_, at) => at))

it('shows the first five where room is short, and all once they are asked for', () => {
  const { shown, shortened, showAll } = useFirstFew(list(7), () => true)
  expect([shown.value, shortened.value]).toEqual([[0, 1, 2, 3, 4], true])
  showAll(true)
  expect([shown.value.length, shortened.value]).toEqual([7, false])
  showAll(false)
  expect(shown.value).toHaveLength(few)
})

it('holds nothing back where there is room, or where there are no more', () => {
  expect(useFirstFew(list(7), () => false).shown.value).toHaveLength(7)
  expect(useFirstFew(list(5), () => true).shortened.value).toBe(false)
})
