import type { RuleTexts } from '../../index.ts'
import { manifestRules } from './manifest.ts'
import { packageRules } from './package.ts'
import { sourceRules } from './source.ts'

const always = 'al empaquetar, al publicar, al subir y al instalar'

export const es: RuleTexts = {
  when: { package: always, manifest: always, source: 'en `dcesop check` y al empaquetar' },
  rules: { ...packageRules, ...manifestRules, ...sourceRules },
}
