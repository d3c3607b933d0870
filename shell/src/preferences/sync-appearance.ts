import { type ApiClient, ApiProblem } from '@dcesop/sdk-plugin/ui'
import { createPreference } from '../state/preferences-client.ts'
import { parseAppearance } from './appearance.ts'
import type { AppearanceStore } from './appearance-store.ts'

/**
 * Takes over what the host keeps for the person, then keeps what they change. The newest choice wins: one made on the sign-in
 * screen goes to the host over what it keeps, and a conflict with another device is written over after one more read.
 * @param accountLocale language of the account, for the first visit of somebody who never chose one
 * @returns function that stops
 */
export function syncAppearance(api: ApiClient, store: AppearanceStore, accountLocale?: string): () => void {
  const preference = createPreference(api, 'appearance')
  let stopped = false
  let writing: Promise<void> = Promise.resolve()

  const contained = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      // The choice already applies here and is kept in this browser; the host gets it with the next change.
      if (!(error instanceof ApiProblem)) throw error
    })

  async function adopt(): Promise<void> {
    const value = await preference.read()
    if (stopped) return
    if (store.origin === 'chosen') {
      const merged = parseAppearance(store.chosen, parseAppearance(value, store.appearance.value))
      await store.adopt(merged)
      await keep(parseAppearance(store.chosen, merged))
    } else if (value !== undefined && value !== null) await store.adopt(value)
    else if (store.origin === 'default') await store.adopt({ locale: accountLocale })
  }

  /** One after the other, so that an older choice never lands on a newer one. */
  function keep(value: unknown): Promise<void> {
    writing = writing.catch(() => undefined).then(() => write(value))
    return writing
  }

  async function write(value: unknown): Promise<void> {
    try {
      await preference.write(value)
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error
      await preference.read()
      await preference.write(value)
    }
  }

  void contained(adopt())
  const stopListening = store.onChange((appearance) => void contained(keep(appearance)))
  return () => {
    if (stopped) return
    stopped = true
    stopListening()
    store.settle()
  }
}
