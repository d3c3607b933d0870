import type { Answer } from '../../../core/src/plugins/testing/harness.ts'
import { type PinnedHost, said } from './pinned-host.ts'

/** Decisions of the registry that people of the instance make through the host. */
export function decisionCases(pinned: () => PinnedHost): void {
  const tokenOf = (user: string) => pinned().registry.token(user, `demo ${user} only`)
  async function decide(id: string, token: string, wish: object = {}): Promise<Answer> {
    const made = { region: 'br', decision: 'approve', ...wish }
    pinned().host.stepUp.grant('plugin.decision', { id, version: '1.0.0', ...made })
    const path = `/api/admin/registry/plugins/${id}/versions/1.0.0/decisions`
    return pinned().admin('POST', path, { ...made, token }, 'admin@br')
  }
  const refusedWith = ({ status, json }: Answer) => [status, json['code'], json['registryCode']]
  const whyOf = ({ json }: Answer) => (json['registryReason'] as { code?: string } | undefined)?.code
  const kept = (id: string) =>
    pinned().host.audit.records.filter(({ action, resource }) => action === 'plugin.decision' && resource === id)

  it('approves when a second person agrees, never the same one twice, and the version can be installed then', async () => {
    await pinned().release('decided', '1.0.0', { approved: false })
    const [first, second] = await Promise.all(['reviewer.br', 'registry-admin.br'].map(tokenOf))
    const one = await decide('decided', first as string)
    expect([one.status, one.json['state']]).toEqual([200, 'pending'])
    const again = await decide('decided', first as string)
    expect(refusedWith(again)).toEqual([502, 'registry_declined', 'second_person_required'])
    expect(whyOf(again)).toBe('own_approval')
    expect(said(await pinned().fromRegistry('install', 'decided'))).toEqual([409, 'release_not_allowed'])
    const two = await decide('decided', second as string)
    expect([two.status, two.json['state']]).toEqual([200, 'approved'])
    expect((await pinned().fromRegistry('install', 'decided')).status).toBe(200)
    expect(kept('decided').map(({ outcome, details }) => [outcome, details?.['account']])).toEqual([
      ['allowed', 'reviewer.br'],
      ['failed', undefined],
      ['allowed', 'registry-admin.br'],
    ])
    for (const token of [first, second]) expect(JSON.stringify(kept('decided'))).not.toContain(token)
  })

  it('tells who decided to people of that region, and to nobody of another', async () => {
    const plugin = '/api/admin/plugins/decided'
    const places = [plugin, '/api/admin/plugins', `${plugin}/versions/1.0.0`, `${plugin}/journal`]
    const page = '/api/admin/registry/plugins/decided/versions/1.0.0'
    const toldTo = (as: string) =>
      Promise.all(
        [...places, page].map(async (where) => JSON.stringify(await pinned().admin('GET', where, undefined, as))),
      )
    for (const answer of await toldTo('admin@br')) expect(answer).toContain('reviewer.br')
    for (const answer of await toldTo('admin@mx')) {
      expect(answer).toContain('decided')
      expect(answer).not.toMatch(/(?:reviewer|registry-admin)\.br/)
    }
  })

  it('rejects with rule and evidence, and what runs stops', async () => {
    const token = await tokenOf('reviewer.br')
    const wish = { decision: 'reject', rule: 'privacy.purpose', evidence: 'it reads more than it says' }
    const made = await decide('decided', token, wish)
    expect(made.json).toMatchObject({ state: 'rejected', rejection: { user: 'reviewer.br', rule: 'privacy.purpose' } })
    await pinned().refresh()
    expect(await pinned().host.view('decided')).toMatchObject({ state: 'QUARANTINED', finding: { rule: 'unapproved' } })
    expect(refusedWith(await decide('decided', token))).toEqual([502, 'registry_declined', 'decision_not_possible'])
  })

  it('is taken for the person’s own regions only, from an account of the registry that may decide there', async () => {
    await pinned().release('elsewhere', '1.0.0', { approved: false })
    const everywhere = await tokenOf('registry-admin')
    const other = await decide('elsewhere', everywhere, { region: 'mx' })
    expect(refusedWith(other)).toEqual([403, 'forbidden', undefined])
    const abroad = await decide('elsewhere', await tokenOf('reviewer.mx'))
    expect(refusedWith(abroad)).toEqual([502, 'registry_declined', 'forbidden'])
    expect(whyOf(abroad)).toBe('not_reviewer')
    const unknown = await decide('elsewhere', 'npm_0123456789')
    expect(refusedWith(unknown)).toEqual([502, 'registry_declined', 'not_signed_in'])
    expect(await pinned().acme.approvals('elsewhere', '1.0.0')).toEqual([])
  })
}
