import { type Ref, shallowReactive } from 'vue'
import { createKeymap, type Shortcut } from './keymap.ts'

/** A shortcut with its place in the help dialog. */
export interface ListedShortcut extends Shortcut {
  /** Read when the help is shown, so that it follows the language. */
  readonly label: () => string
  /** Whether there is something that it would do now; default always. */
  readonly available?: () => boolean
  /** Of a plugin's page or panel that is on screen: the palette offers it too. */
  readonly ofUnit?: boolean
}

export interface ShortcutStore {
  readonly list: readonly ListedShortcut[]
  /** Single letters can be turned off (WCAG 2.1.4). */
  readonly letters: Ref<boolean>
  /** Adds shortcuts; gives back what removes them. */
  add(shortcuts: readonly ListedShortcut[]): () => void
}

const isEscape = (event: Event) => (event as KeyboardEvent).key === 'Escape'

/** @param letters kept with the person's other preferences */
export function createShortcutStore(target: EventTarget, letters: Ref<boolean>): ShortcutStore {
  const list = shallowReactive<ListedShortcut[]>([])
  const press = createKeymap({
    shortcuts: () => list.filter(({ available }) => available?.() ?? true),
    letters: () => letters.value,
    now: () => Date.now(),
  })
  // Whoever closes a tooltip, menu or popover with Escape has not asked for more; it is gone by the time the key comes here.
  let closesLayer = false
  target.addEventListener(
    'keydown',
    (event) => (closesLayer = isEscape(event) && document.querySelector('[data-dismissable-layer]') !== null),
    true,
  )
  target.addEventListener('keydown', (event) => {
    if (closesLayer) return
    if (!event.defaultPrevented && press(event as KeyboardEvent)) event.preventDefault()
  })
  return {
    list,
    letters,
    add(shortcuts) {
      list.push(...shortcuts)
      return () => {
        for (const shortcut of shortcuts) list.splice(list.indexOf(shortcut), 1)
      }
    },
  }
}
