import type { Problem } from '@dcesop/sdk-plugin'
import { Passwords } from './passwords.ts'

const config = { memoryKib: 1024, timeCost: 1, parallelism: 1, concurrent: 2, waiting: 3 }

describe('passwords', () => {
  it('are checked a few at a time; who finds no room is told at once', async () => {
    const passwords = new Passwords(config)
    const stored = await passwords.hash('right')
    const tries = Array.from({ length: 9 }, async (_, n) => passwords.verify(stored, n === 0 ? 'right' : 'wrong'))
    const answers = await Promise.all(tries.map((one) => one.catch((error: Problem) => error.code)))
    expect(answers[0]).toBe(true)
    expect(answers.filter((answer) => answer === 'sign_in_busy')).toHaveLength(9 - config.concurrent - config.waiting)
    expect(await passwords.verify(stored, 'right')).toBe(true)
  })

  it('that were hashed before keep that hash, unless it costs something else', async () => {
    const stored = await new Passwords(config).hash('right')
    expect(await new Passwords(config).hash('right', stored)).toBe(stored)
    const dearer = new Passwords({ ...config, timeCost: 2 })
    const anew = await dearer.hash('right', stored)
    expect(anew).toContain('t=2')
    expect(await dearer.verify(anew, 'right')).toBe(true)
  })

  it('of nobody are wrong, after the same work', async () => {
    expect(await new Passwords(config).verify(undefined, 'x')).toBe(false)
  })
})
