import { type Argon2Config, Passwords } from '@dcesop/sdk-plugin/internal/sign-in'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

const read = async (file: string) =>
  JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../config', file), 'utf8')) as unknown

type Accounts = { accounts: { username: string; password: string; passwordHash: string }[] }

it.each([
  ['demo/accounts.json', 'defaults.json', 'identity'],
  ['registry/accounts.json', 'registry/defaults.json', 'accounts'],
])('in %s each hash is that of its password, at the cost of %s', async (file, defaults, part) => {
  const { argon2 } = ((await read(defaults)) as Record<string, { argon2: Argon2Config }>)[part] ?? {}
  if (!argon2) throw new Error(`no cost in ${defaults}`)
  const passwords = new Passwords({ ...argon2, waiting: 1000 })
  const { accounts } = (await read(file)) as Accounts
  const found = await Promise.all(
    accounts.map(async ({ username, password, passwordHash }) => ({
      username,
      isTaken: (await passwords.hash(password, passwordHash)) === passwordHash,
      isIts: await passwords.verify(passwordHash, password),
    })),
  )
  expect(found).toEqual(accounts.map(({ username }) => ({ username, isTaken: true, isIts: true })))
})
