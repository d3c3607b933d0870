import { accountOf, totpOf } from './accounts.ts'
import type { Answer, Client } from './client.ts'

/** Runs an operation that asks for step-up: tries, re-authenticates for exactly what the answer names, tries again. */
export async function withStepUp(
  client: Client,
  account: { role: string; region: string },
  run: () => Promise<Answer>,
): Promise<Answer> {
  const first = await run()
  if (first.status !== 403 || first.body['code'] !== 'step_up_required') return first
  const { operation, parameters } = first.body
  const { password } = accountOf(account.role, account.region)
  const totp = totpOf(accountOf(account.role, account.region))
  const byPassword = await client.request('POST', '/api/auth/step-up', { operation, parameters, password })
  if (byPassword.status >= 400) {
    const byTotp = await client.request('POST', '/api/auth/step-up', { operation, parameters, totp })
    if (byTotp.status >= 400) throw new Error(`step-up refused: ${JSON.stringify(byTotp.body)}`)
  }
  return run()
}

/** Uploads a package and makes it the active version: install when it is new, upgrade otherwise. */
export async function changePlugin(
  client: Client,
  account: { role: string; region: string },
  id: string,
  verb: 'install' | 'want' | 'enable' | 'disable' | 'upgrade' | 'rollback',
  body: Record<string, unknown> = {},
): Promise<Answer> {
  return withStepUp(client, account, () => client.request('POST', `/api/admin/plugins/${id}/${verb}`, body))
}

export async function uploadPackage(client: Client, tarball: Buffer): Promise<Answer> {
  return client.request('POST', '/api/admin/packages', tarball, { 'content-type': 'application/gzip' })
}
