import { Problem } from '@dcesop/sdk-plugin'
import { failedRecord } from './failed-record.ts'

it('keeps the code, the sentence, and the parts by which it is told in other languages', () => {
  const unconfirmed = [{ action: 'install', plugin: 'maps', version: '1.0.0', from: null }]
  const error = new Problem(409, 'plan_differs', 'The plan also has to install "maps" 1.0.0.', {
    extensions: { unconfirmed, steps: unconfirmed },
  })
  expect(failedRecord(error)).toEqual({
    reason: 'plan_differs',
    details: { detail: 'The plan also has to install "maps" 1.0.0.', unconfirmed: JSON.stringify(unconfirmed) },
  })
})

it('keeps the code of the registry where it refused', () => {
  const error = new Problem(403, 'registry_declined', 'No.', { extensions: { registryCode: 'own_plugin' } })
  expect(failedRecord(error)).toEqual({
    reason: 'registry_declined',
    details: { detail: 'No.', registryCode: 'own_plugin' },
  })
})

it('keeps why the registry refused, or was not believed, by its codes', () => {
  const registryReason = { code: 'approved', params: { region: 'br' } }
  const told = { id: 'keys.unsigned', params: {} }
  const error = new Problem(502, 'registry_declined', 'No.', { extensions: { registryReason, told, fault: 'expired' } })
  expect(failedRecord(error).details).toEqual({
    detail: 'No.',
    registryReason: JSON.stringify(registryReason),
    told: JSON.stringify(told),
  })
})

it('says nothing of an error that nobody expected but that there was one', () => {
  expect(failedRecord(new Error('secret of the inside'))).toEqual({ reason: 'internal_error', details: {} })
})
