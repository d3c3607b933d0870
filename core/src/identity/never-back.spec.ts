import { neverBack } from './never-back.ts'

it('follows the clock of the machine, and goes on by itself while that is behind', () => {
  let [wall, elapsed] = [1_000_000, 0]
  const clock = neverBack({ now: () => new Date(wall) }, () => elapsed)
  const pass = (ms: number) => {
    wall += ms
    elapsed += ms
    return clock.now().getTime()
  }
  expect(pass(1000)).toBe(1_001_000)
  wall -= 3_600_000
  expect([pass(0), pass(5000), pass(5000)]).toEqual([1_001_000, 1_006_000, 1_011_000])
  wall += 3_600_000
  expect(pass(1000)).toBe(1_012_000)
  wall += 3_600_000
  expect(pass(0)).toBe(4_612_000)
})
