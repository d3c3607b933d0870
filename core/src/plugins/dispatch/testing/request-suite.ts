import type { PluginHostDeps } from '../../host-types.ts'
import { answerCases } from './answer-cases.ts'
import { askedPlugin } from './asked-plugin.ts'
import { contentCases } from './content-cases.ts'
import { entranceCases } from './entrance-cases.ts'

/** What callers of a plugin notice, wherever its code runs. @param change to the host */
export function requestSuite(change: Partial<PluginHostDeps>): void {
  const asked = askedPlugin(change)
  entranceCases(asked)
  answerCases(asked)
  contentCases(asked)
}
