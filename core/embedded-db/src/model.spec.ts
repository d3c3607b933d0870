import { fuzzMs } from './testing/fuzz.ts'
import { runProgram } from './testing/program.ts'

const LIMIT_MS = fuzzMs(240_000)

describe('10,000 command sequences', () => {
  it(
    'come to what a plain model of the manual comes to',
    async () => {
      const told = await runProgram('model/sequences.ts', ['10000'], LIMIT_MS)
      expect(told).toMatch(/^\d+ sequences agree with the model$/m)
    },
    LIMIT_MS,
  )
})
