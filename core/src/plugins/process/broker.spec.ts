import { testIdentity } from '@dcesop/sdk-plugin/testing'
import type { AuditRecord } from '../../ports.ts'
import { Broker, type BrokerParts } from './broker.ts'

const audited: AuditRecord[] = []
const broker = new Broker({
  manifest: { id: 'demo' },
  ports: { audit: { append: async (record: AuditRecord) => void audited.push(record) } },
  calls: { find: (traceId: string) => calls.get(traceId) },
} as unknown as BrokerParts)
const calls = new Map(['a', 'b'].map((traceId) => [traceId, { traceId, identity: testIdentity([]) }]))

const audit = async (traceId: string, entry: object) =>
  (broker.handlers['audit'] as (traceId: string, entry: object) => Promise<void>)(traceId, entry)

it('takes so many audit entries of a request, none of them long', async () => {
  await expect(audit('a', { action: 'demo.x', details: { text: 'x'.repeat(2001) } })).rejects.toThrow('2000')
  for (let entries = 0; entries < 100; entries += 1) await audit('a', { action: 'demo.x' })
  await expect(audit('a', { action: 'demo.x' })).rejects.toThrow('at most 100 audit entries')
  await audit('b', { action: 'demo.x' })
  expect(audited).toHaveLength(101)
})

it('keeps no document, phone or e-mail that somebody typed into a reason', async () => {
  const reason = 'O CPF 529.982.247-25 ligou de +55 11 99900-1001, ana@example.com'
  await audit('b', { action: 'customer.reveal', reason })
  expect(audited.at(-1)).toMatchObject({ reason: 'O CPF [document] ligou de [phone], [e-mail]' })
})
