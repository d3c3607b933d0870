/** Texts of a plugin's files by POSIX path; what a codemod does not return stays as it is. */
export type Sources = ReadonlyMap<string, string>

/** One change of source that a newer SDK asks for. */
export interface Codemod {
  /** Four digits and a name, `0001-name-the-manifest-schema`; never used for another change. The message `update.<id>` tells what it does. */
  readonly id: string
  /** Which files it wants to see, as glob patterns. */
  readonly files: readonly string[]
  /**
   * The files that change, with their new text; none when everything is as it should be. Run on its own result it changes nothing.
   */
  change(sources: Sources): Map<string, string>
}
