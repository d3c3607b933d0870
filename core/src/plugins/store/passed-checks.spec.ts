import { fileListPath, readPackage, signaturePath } from '@dcesop/sdk-plugin/package'
import { packFixture } from '../testing/fixture-plugin.ts'
import { PassedChecks } from './passed-checks.ts'

describe('what passed every check', () => {
  let files: Map<string, Buffer>
  const checks = new PassedChecks()
  beforeEach(async () => {
    const { manifest, fileList, ...read } = await readPackage(await packFixture())
    files = new Map(read.files)
    checks.add(files, { manifest, fileList })
  })

  it('is not judged again while its files are as listed', () => {
    const first = checks.check(files)
    expect(checks.check(new Map(files))).toBe(first)
    expect(new PassedChecks().check(files)).not.toBe(first)
  })

  it.each<[string, string, RegExp]>([
    ['a file is changed', 'package.json', /^package-changed-file: /],
    ['a file is added', 'more.txt', /^package-unlisted-file: /],
    ['its list is another', fileListPath, /^package-missing-file: |^package-unlisted-file: /],
    ['it has a signature that it did not have', signaturePath, /^package-signature-form: /],
  ])('is refused as ever when %s', (_, path, finding) => {
    files.set(path, Buffer.from('{}'))
    expect(() => checks.check(files)).toThrow(finding)
  })

  it('is refused as ever when a file is missing', () => {
    files.delete('package.json')
    expect(() => checks.check(files)).toThrow(/^package-missing-file: /)
  })
})
