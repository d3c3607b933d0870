import type { IconName } from '../icons/icons.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly group?: string
  readonly icon?: IconName
  readonly hint?: string
  readonly keys?: string
  /** Further words it is found by. */
  readonly keywords?: string
}

/** Lower case without accents, so that "diagnostico" finds "Diagnóstico". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Commands that hold every word of the query; those whose label starts with it come first, else the given order stays. */
export function filterCommands(commands: readonly Command[], query: string): Command[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  const hits = commands.filter((command) => {
    const haystack = fold(`${command.label} ${command.group ?? ''} ${command.keywords ?? ''}`)
    return words.every((word) => haystack.includes(word))
  })
  const first = words[0]
  if (first === undefined) return hits
  const starts = (command: Command): number => (fold(command.label).startsWith(first) ? 0 : 1)
  return hits.sort((a, b) => starts(a) - starts(b))
}
