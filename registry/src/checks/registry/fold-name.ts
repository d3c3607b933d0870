const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/[._-]/g, ''],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/[1il]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
]

/** A name as a hurried reader takes it: case, separators and characters that look alike fall together. */
export function foldName(name: string): string {
  return lookalikes.reduce((folded, [pattern, plain]) => folded.replace(pattern, plain), name.toLowerCase())
}
