/**
 * What a value comes to when each part is written out wherever it is meant, about its characters as JSON. A few bytes can mean
 * gigabytes: a list with a length and no members, or one of lists of lists that are each the same ten times. Whoever writes such a
 * value out, as for a log, stands still over it.
 * @throws Error when it is more than `most`, or nested too deeply to tell
 */
export function extentOf(value: unknown, most: number): number {
  let extent = 0
  const around = new Set<object>()
  const add = (much: number) => {
    extent += much
    if (extent > most) throw new Error(`A message that is written out comes to more than ${most} characters.`)
  }
  const visit = (one: unknown): void => {
    add(typeof one === 'string' ? one.length + 1 : 1)
    // What contains itself cannot be written out at all.
    if (typeof one !== 'object' || one === null || around.has(one)) return
    if (ArrayBuffer.isView(one)) return add(one.byteLength)
    around.add(one)
    visitParts(one)
    around.delete(one)
  }
  const visitParts = (one: object): void => {
    if (Array.isArray(one)) {
      // Before its members: where there are none, they would be counted one by one.
      if (one.length > most) add(one.length)
      for (const part of one as unknown[]) visit(part)
    } else if (one instanceof Map) {
      for (const [key, part] of one as Map<unknown, unknown>) {
        visit(key)
        visit(part)
      }
    } else if (one instanceof Set) for (const part of one as Set<unknown>) visit(part)
    else if (one instanceof Error) for (const part of [one.message, one.stack, one.cause]) visit(part)
    else
      for (const [name, part] of Object.entries(one)) {
        add(name.length)
        visit(part)
      }
  }
  visit(value)
  return extent
}
