// `npm run totp -- USERNAME`: the code that a demo account's authenticator shows now, and for how long.
import { demo, totpOf } from './accounts.ts'

const account = demo.accounts.find(({ username }) => username === process.argv[2])
if (!account) {
  console.error(
    `usage: npm run totp -- USERNAME\n\n${demo.accounts.map(({ username, role }) => `${username}  ${role}`).join('\n')}`,
  )
  process.exitCode = 2
} else {
  const left = 30 - (Math.floor(Date.now() / 1000) % 30)
  console.log(
    account.totpSecret ? `${totpOf(account)} (${left} s left)` : `${account.username} signs in without a code`,
  )
}
