import { ApiProblem, useApi, useHost, useQuery } from '@dcesop/sdk-plugin/ui'
import { computed, shallowRef, watch } from 'vue'
import type { Change } from '../changes/change.ts'
import { applied, DraftStore, type Edit, edited, type Edits } from '../config/draft.ts'
import { mistakesIn } from '../config/mistakes.ts'
import { type ConfigAnswer, everywhere, inLevel, type Level } from '../config/types.ts'
import { useSettings } from '../config/use-settings.ts'
import { useTrial } from '../config/use-trial.ts'
import { askedFields } from './asked-fields.ts'

/**
 * The settings that a plugin is to begin with; nothing of it is installed.
 * @param region where it is to be installed; the empty one for everywhere
 * @param channel that it is to follow; the empty one for the instance's
 */
export function useFirstSettings(
  { plugin, version = '', source }: Change,
  region: () => string,
  channel: () => string,
) {
  const api = useApi()
  const store = new DraftStore(useHost().user.subject, `${plugin}@${version}`)
  const path = `/admin/plugins/${plugin}/install/check`
  const level = computed<Level>(() => region() || everywhere)
  let lacking: ApiProblem | undefined
  const query = useQuery<ConfigAnswer>(async (context) => {
    await prepare()
    return api.get(`/admin/plugins/${plugin}/versions/${version}/config`, context)
  })
  const settings = useSettings(() => query.data.value)
  const trial = useTrial(() => settings.fields.value)
  // What was written stays when the dialog is closed by mistake.
  const edits = shallowRef<Edits>(store.read()['install']?.edits ?? {})
  const value = computed(() => applied({}, edits.value))
  const asked = computed(() =>
    query.data.value ? askedFields(query.data.value, level.value, settings.fields.value) : [],
  )
  /** Its author lets nobody set it there. */
  const locked = computed(() => !query.data.value?.scopes.includes(level.value === everywhere ? 'global' : 'region'))

  function put(next: Edits): void {
    edits.value = next
    store.keep({ install: { revision: 0, edits: next } })
  }
  function edit(pointer: string, change: Edit): void {
    put(edited({}, edits.value, pointer, change))
    trial.forget(pointer)
  }
  function undo(pointer: string): void {
    const { [pointer]: _, ...others } = edits.value
    put(others)
    trial.forget(pointer)
  }
  const config = () => (locked.value || Object.keys(value.value).length === 0 ? {} : { config: value.value })
  /** Has the host fetch what it does not have yet, with the words of its catalogues, and tell what only its operator can give. */
  async function prepare(): Promise<void> {
    const followed = channel() === '' ? {} : { channel: channel() }
    const from = source === 'registry' ? { from: source, ...followed } : {}
    try {
      await api.post(path, { version, ...from, ...inLevel(level.value) })
    } catch (error) {
      // That settings are missing is what the form is for.
      if (!(error instanceof ApiProblem) || error.code !== 'plugin_config_invalid') throw error
      if (mistakesIn(error.extensions).some(({ rule }) => rule === 'secret')) lacking = error
    }
  }
  /** @returns whether the host has nothing against them */
  async function fits(): Promise<boolean> {
    return (await trial.run<object>(path, { version, ...inLevel(level.value), ...config() })) !== undefined
  }
  watch(query.data, () => lacking && trial.tell(lacking), { once: true })
  watch(level, trial.clear)
  return { query, settings, trial, level, edits, value, asked, locked, config, edit, undo, fits, forget: () => put({}) }
}

export type FirstSettings = ReturnType<typeof useFirstSettings>
