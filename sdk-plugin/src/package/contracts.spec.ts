import { contractFindings } from './contracts.ts'

const manifest = {
  id: 'radio',
  consumes: [{ capability: 'people.directory', range: '^1.0.0', degrade: 'fail' as const }],
}
const contract = {
  capability: 'people.directory',
  range: '^1.0.0',
  consumer: 'radio',
  interactions: [{ method: 'nameOf', arguments: ['ana'], answers: 'Ana' }],
}
const findingsOf = (text: string, file = 'contracts/people.json') =>
  contractFindings(new Map([[file, Buffer.from(text)]]), manifest).map(({ rule, evidence }) => `${rule} ${evidence}`)

describe('the contracts of a package', () => {
  it('are taken when they are such and about what the plugin consumes', () => {
    expect(findingsOf(JSON.stringify(contract))).toEqual([])
  })

  it.each([
    ['{', 'contract-shape "contracts/people.json" is not a JSON object'],
    ['{"capability":"people.directory"}', 'contract-shape "contracts/people.json" is no contract: '],
    [JSON.stringify({ ...contract, interactions: [] }), 'contract-shape'],
    [
      JSON.stringify({ ...contract, interactions: [{ method: 'nameOf', arguments: [], schema: { type: 'strnig' } }] }),
      'contract-shape "contracts/people.json" is no contract: /interactions/0/schema: schema is invalid: data/type ',
    ],
    [JSON.stringify({ ...contract, consumer: 'other' }), 'contract-manifest "contracts/people.json" is of "other"'],
    [JSON.stringify({ ...contract, capability: 'x.y' }), 'contract-manifest "contracts/people.json" is about "x.y"'],
    [JSON.stringify({ ...contract, range: '^2.0.0' }), 'contract-manifest "contracts/people.json" is about ^2.0.0'],
  ])('are refused as %s', (text, begin) => {
    expect(findingsOf(text)).toEqual([expect.stringContaining(begin)])
  })

  it('are small: a registry keeps them', () => {
    const large = { ...contract, interactions: [{ method: 'nameOf', arguments: ['x'.repeat(300 * 1024)] }] }
    expect(findingsOf(JSON.stringify(large))).toEqual([expect.stringMatching(/^contract-shape .* more than 262144\.$/)])
  })

  it('are JSON files', () => {
    expect(findingsOf(JSON.stringify(contract), 'contracts/people.txt')).toEqual([
      'contract-shape "contracts/people.txt" is no JSON file by its name.',
    ])
  })
})
