/** What a key press means: one key, or `g` and then a letter. */
export interface Shortcut {
  readonly id: string
  /** `?`, `mod+k` (Ctrl or Cmd), `g d`. Never with Alt: AltGr types letters on Spanish and Portuguese keyboards. */
  readonly keys: string
  run(): void
}

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly target: EventTarget | null
}

/** A `g` waits this long for its letter. */
const sequenceMs = 1_500
const textInputs =
  'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"], [role="textbox"]'

/** What is behind an open overlay is not what the person means. */
const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"]'

const isElsewhere = (target: EventTarget | null) =>
  target !== null && 'closest' in target && (target as Element).closest(`${textInputs}, ${overlays}`) !== null

/**
 * Turns key presses into shortcuts. Single letters never fire while somebody types or inside of a dialog or menu, and
 * not at all when turned off (WCAG 2.1.4); combinations with Ctrl or Cmd always do.
 * @returns handler that tells whether the press was used
 */
export function createKeymap(options: {
  shortcuts(): readonly Shortcut[]
  letters(): boolean
  now(): number
}): (press: KeyPress) => boolean {
  let prefix: { key: string; at: number } | undefined

  return (press) => {
    if (press.altKey) return false
    const modified = press.ctrlKey || press.metaKey
    const letter = !modified && press.key.length === 1
    if ((letter && !options.letters()) || (!modified && isElsewhere(press.target))) return false
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
    const pending = prefix !== undefined && options.now() - prefix.at < sequenceMs ? `${prefix.key} ` : ''
    prefix = undefined
    const keys = modified ? `mod+${key}` : `${pending}${key}`
    const found = options.shortcuts().find((shortcut) => shortcut.keys === keys)
    if (found !== undefined) {
      found.run()
      return true
    }
    if (!modified && options.shortcuts().some((shortcut) => shortcut.keys.startsWith(`${key} `)))
      prefix = { key, at: options.now() }
    return false
  }
}
