/** The lines that differ between two texts, `-` before `+`; what is equal at both ends is left out. */
export function difference(before: string, after: string): string[] {
  const [old, young] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < Math.min(old.length, young.length) && old[start] === young[start]) start += 1
  let end = 0
  const rest = Math.min(old.length, young.length) - start
  while (end < rest && old[old.length - 1 - end] === young[young.length - 1 - end]) end += 1
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...young.slice(start, young.length - end).map((line) => `+ ${line}`),
  ]
}
