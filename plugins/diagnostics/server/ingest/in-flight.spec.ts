import { InFlight } from './in-flight.ts'

describe('InFlight', () => {
  it('refuses what goes beyond the limit of any key, until a place is given back', () => {
    const gate = new InFlight()
    const first = gate.enter({ region: 2, one: 1 })
    expect(first).toBeDefined()
    expect(gate.enter({ region: 2, one: 1 })).toBeUndefined()
    expect(gate.enter({ region: 2, two: 1 })).toBeDefined()
    expect(gate.enter({ region: 2, three: 1 })).toBeUndefined()
    first?.()
    first?.()
    expect(gate.enter({ region: 2, one: 1 })).toBeDefined()
    expect(gate.enter({ region: 2, four: 1 })).toBeUndefined()
  })
})
