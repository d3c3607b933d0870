import { computed } from 'vue'
import { type FieldGroup, fieldGroups } from './fields.ts'
import type { ConfigAnswer } from './types.ts'
import { type Told, useFieldTexts } from './use-field-texts.ts'

/** The settings of a plugin as a form shows them: by group, and what each is called. */
export function useSettings(config: () => ConfigAnswer | undefined) {
  const texts = useFieldTexts(() => config() as ConfigAnswer)
  const groups = computed<readonly FieldGroup[]>(() => {
    const { schema = null, secrets = [] } = config() ?? {}
    return schema ? fieldGroups(schema, secrets) : []
  })
  const fields = computed(() => groups.value.flatMap((group) => group.fields))
  const nameOf = (pointer: string): Told => texts.nameOf(fields.value, groups.value, pointer)
  return { texts, groups, fields, nameOf }
}

export type Settings = ReturnType<typeof useSettings>
