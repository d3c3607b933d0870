import { type ApiProblem, type Query, useApi, useHost, useQuery } from '@dcesop/sdk-plugin/ui'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { useRights } from '../api/use-rights.ts'
import { applied, collisions, type Draft, DraftStore, type Edit, edited } from './draft.ts'
import { partOf } from './origin.ts'
import { type ConfigAnswer, everywhere, type Json, type Level } from './types.ts'

/** The settings of one plugin on the level that somebody looks at, with what they are changing. */
export function useConfig(plugin: string) {
  const api = useApi()
  const rights = useRights()
  const store = new DraftStore(useHost().user.subject, plugin)
  const query: Query<ConfigAnswer> = useQuery(
    (context) => api.get<ConfigAnswer>(`/admin/plugins/${plugin}/config`, context),
    { refreshMs: 15_000 },
  )
  const level = ref<Level>(everywhere)
  const drafts = shallowRef(store.read())
  /** Whether what is being changed was begun in an earlier visit. */
  const restored = ref(Object.keys(drafts.value).length > 0)
  /** The settings that the drafts were begun on, for whoever has to be told what is otherwise now. */
  const begun = shallowRef<ConfigAnswer>()

  const regions = computed(() => Object.keys(query.data.value?.effective ?? {}))
  const levels = computed<Level[]>(() => [everywhere, ...regions.value])
  const draft = computed<Draft | undefined>(() => drafts.value[level.value])
  const edits = computed(() => draft.value?.edits ?? {})
  const count = (one: Level): number => Object.keys(drafts.value[one]?.edits ?? {}).length
  const dirty = computed(() => levels.value.some((one) => count(one) > 0))
  const part = computed<Json>(() => (query.data.value ? partOf(query.data.value, level.value) : {}))
  const next = computed(() => applied(part.value, edits.value))
  /** Why it cannot be changed here, as the end of a message id. */
  const locked = computed<'scope' | 'everywhere' | 'right' | undefined>(() => {
    const scopes = query.data.value?.scopes ?? []
    if (!scopes.includes(level.value === everywhere ? 'global' : 'region')) return 'scope'
    if (!rights.any.value) return 'right'
    return level.value === everywhere && !rights.everywhere.value ? 'everywhere' : undefined
  })
  /** Somebody else has set something since these changes were begun. */
  const outdated = computed(
    () =>
      draft.value !== undefined && query.data.value !== undefined && draft.value.revision !== query.data.value.revision,
  )
  const collided = computed(() =>
    outdated.value && begun.value
      ? collisions(partOf(begun.value, level.value), part.value, edits.value)
      : Object.keys(outdated.value ? edits.value : {}),
  )

  function put(one: Level, draftOf: Draft | undefined): void {
    const { [one]: _, ...others } = drafts.value
    drafts.value = draftOf && Object.keys(draftOf.edits).length > 0 ? { ...others, [one]: draftOf } : others
    store.keep(drafts.value)
  }
  function edit(pointer: string, change: Edit): void {
    const config = query.data.value
    if (!config) return
    if (!draft.value) begun.value = config
    const revision = draft.value?.revision ?? config.revision
    put(level.value, { revision, edits: edited(part.value, edits.value, pointer, change) })
  }
  /** Takes back one change. */
  function undo(pointer: string): void {
    if (!draft.value) return
    const { [pointer]: _, ...others } = draft.value.edits
    put(level.value, { ...draft.value, edits: others })
  }
  /** The person knows that there are changes from before. */
  function seen(): void {
    restored.value = false
  }
  function discard(): void {
    seen()
    put(level.value, undefined)
  }
  /** Goes on with the changes on top of what somebody else has set. */
  function rebase(): void {
    const config = query.data.value
    if (!config || !draft.value) return
    begun.value = config
    const onTop = Object.entries(draft.value.edits).reduce(
      (so, [pointer, one]) => edited(part.value, so, pointer, one),
      {},
    )
    put(level.value, { revision: config.revision, edits: onTop })
  }
  /** What the person themselves has just applied stands in the way of none of their other changes. @param from its revision before */
  function carryOn(from: number): void {
    const config = query.data.value
    if (!config) return
    begun.value = config
    for (const [one, kept] of Object.entries(drafts.value))
      if (kept.revision === from) put(one, { ...kept, revision: config.revision })
  }
  /** Of a revision that a draft was begun on in an earlier visit. */
  async function recall(revision: number): Promise<void> {
    const earlier = await api
      .get<ConfigAnswer>(`/admin/plugins/${plugin}/config`, { query: { revision }, background: true })
      .catch((error: ApiProblem) => (error.status === 404 ? undefined : Promise.reject(error)))
    if (draft.value?.revision === revision) begun.value = earlier
  }
  watch(
    outdated,
    (is) => void (is && draft.value && begun.value?.revision !== draft.value.revision && recall(draft.value.revision)),
  )

  const warn = (event: BeforeUnloadEvent) => dirty.value && event.preventDefault()
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))

  return {
    ...{ query, level, levels, regions, locked, part, next, edits, count, dirty, restored, outdated, collided },
    ...{ edit, undo, discard, rebase, carryOn, seen, draft },
  }
}
