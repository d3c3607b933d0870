const mac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The keys of a shortcut as they stand on a keyboard. */
export function keysOf(keys: string): string[] {
  return keys.split(/[ +]/).map((key) => {
    if (key === 'mod') return mac ? '⌘' : 'Ctrl'
    return key === 'Escape' ? 'Esc' : key.length === 1 ? key.toUpperCase() : key
  })
}
