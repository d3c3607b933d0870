import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'

const dir = mkdtempSync(join(tmpdir(), 'embedded-db-'))
afterAll(() => rmSync(dir, { recursive: true }))

it('makes a folder and those above it for this user alone', () => {
  makeFolder(join(dir, 'a/b'))
  makeFolder(join(dir, 'a/b'))
  for (const name of ['a', 'a/b']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o700)
  writeFileSync(join(dir, 'file'), '')
  expect(() => makeFolder(join(dir, 'file/below'))).toThrow('ENOTDIR')
})

const where = existsSync('/proc/self') ? it : it.skip
where('says where none can be made: Node would try for ever', () => {
  expect(() => makeFolder('/proc/embedded-db/below')).toThrow("mkdir '/proc/embedded-db'")
})
