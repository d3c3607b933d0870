import { Problem } from '../backend/index.ts'
import { type Contract, contractDouble, verifyContract } from './contract.ts'

interface Directory {
  nameOf(id: string): Promise<{ name: string; extra?: number }>
}

const contract: Contract = {
  capability: 'people.directory',
  range: '^1.0.0',
  consumer: 'greetings',
  interactions: [
    {
      given: 'Ana is known',
      method: 'nameOf',
      arguments: ['ana'],
      answers: { name: 'Ana' },
      schema: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
    },
    { method: 'nameOf', arguments: ['nobody'], rejects: 'unknown_person' },
  ],
}

function provider(answer: unknown): { people: Map<string, unknown>; directory: object } {
  const people = new Map<string, unknown>()
  const nameOf = async (id: string) => {
    if (!people.has(id)) throw new Problem(404, 'unknown_person', 'Nobody has this id.')
    return answer
  }
  return { people, directory: { nameOf } }
}

const verify = ({ people, directory }: ReturnType<typeof provider>) =>
  verifyContract(contract, directory, { 'Ana is known': () => void people.set('ana', true) })

describe('a contract', () => {
  it('answers the consumer as it says, and nothing else', async () => {
    const directory = contractDouble<Directory>(contract)
    expect(await directory.nameOf('ana')).toEqual({ name: 'Ana' })
    await expect(directory.nameOf('nobody')).rejects.toMatchObject({ code: 'unknown_person' })
    await expect(directory.nameOf('bruno')).rejects.toThrow('no nameOf(["bruno"])')
  })

  it('holds for a provider that gives what the consumer reads, and more', async () => {
    await expect(verify(provider({ name: 'Ana María', extra: 1 }))).resolves.toBeUndefined()
  })

  it('names each call that a provider breaks', async () => {
    await expect(verify(provider({ fullName: 'Ana' }))).rejects.toThrow(
      /greetings on people.directory.nameOf with Ana is known: .*name/,
    )
    await expect(verifyContract(contract, {}, { 'Ana is known': () => undefined })).rejects.toThrow('no such method')
  })

  it('asks for every state, and for examples that fit their schema', async () => {
    await expect(verifyContract(contract, provider({}).directory)).rejects.toThrow('state "Ana is known"')
    const [first] = contract.interactions
    const lying = { ...contract, interactions: [{ ...first!, answers: {} }] }
    expect(() => contractDouble(lying)).toThrow('does not fit the schema')
  })
})
