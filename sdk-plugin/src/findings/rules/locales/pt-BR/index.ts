import type { RuleTexts } from '../../index.ts'
import { manifestRules } from './manifest.ts'
import { packageRules } from './package.ts'
import { sourceRules } from './source.ts'

const always = 'ao empacotar, ao publicar, ao enviar e ao instalar'

export const ptBR: RuleTexts = {
  when: { package: always, manifest: always, source: 'no `dcesop check` e ao empacotar' },
  rules: { ...packageRules, ...manifestRules, ...sourceRules },
}
