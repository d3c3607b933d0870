import { createHash } from 'node:crypto'
import { contractDigest, contractRecordFindings } from './contract-record.ts'

const manifest = { provides: { 'people.directory': '1.0.0' }, backend: { entry: 'dist/server.cjs' } } as never
const code = Buffer.from('exports.start = () => {}')
const sum = createHash('sha256').update(code).digest('hex')
const kept = { capability: 'people.directory', consumer: 'radio', sha256: 'a'.repeat(64) }

function evidenceOf(record: unknown, backend = code): string[] {
  const text = typeof record === 'string' ? record : JSON.stringify(record)
  const files = new Map([
    ['dist/server.cjs', backend],
    ['contracts.kept.json', Buffer.from(text)],
  ])
  return contractRecordFindings(files, manifest).map(({ rule, evidence }) => `${rule} ${evidence}`)
}

describe('the record of kept contracts', () => {
  it('is taken when it is about this backend and what the plugin provides', () => {
    expect(evidenceOf({ backend: sum, kept: [kept] })).toEqual([])
    expect(contractRecordFindings(new Map(), manifest)).toEqual([])
  })

  it.each([
    ['{', 'is not a JSON object'],
    ['{}', 'is no record of contracts'],
    [{ backend: sum, kept: [{ ...kept, sha256: 'A' }] }, 'is no record of contracts'],
    [{ backend: sum, kept: [null] }, 'is no record of contracts'],
    [{ backend: sum, kept: [{ ...kept, capability: 'x.y' }] }, 'is about "x.y"'],
  ])('is refused as %j', (record, why) => {
    expect(evidenceOf(record)).toEqual([expect.stringContaining(`contract-record "contracts.kept.json" ${why}`)])
  })

  it('does not outlive the code that was tested', () => {
    expect(evidenceOf({ backend: sum, kept: [kept] }, Buffer.from('changed'))).toEqual([
      'contract-record "contracts.kept.json" is about another backend.',
    ])
  })

  it('knows a contract again however it is written', () => {
    const contract = {
      capability: 'a.b',
      range: '^1',
      consumer: 'c',
      interactions: [{ method: 'm', arguments: [{ x: 1, y: 2 }] }],
    }
    const turned = {
      interactions: [{ arguments: [{ y: 2, x: 1 }], method: 'm' }],
      consumer: 'c',
      range: '^1',
      capability: 'a.b',
    }
    expect(contractDigest(turned)).toBe(contractDigest(contract))
    expect(contractDigest({ ...contract, range: '^2' })).not.toBe(contractDigest(contract))
  })
})
