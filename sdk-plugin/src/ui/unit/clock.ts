import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Ages are shown in seconds: what came last before a connection broke must not look new for long. */
const period = 5_000
const tick = ref(0)
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Counts up each 5 s while someone looks; reading it in a template makes relative times move on. */
export function useClock(): Readonly<Ref<number>> {
  users += 1
  timer ??= setInterval(() => (tick.value += 1), period)
  onScopeDispose(() => {
    users -= 1
    if (users > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(tick)
}
