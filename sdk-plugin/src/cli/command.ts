import type { ParseArgsConfig } from 'node:util'

/** What was typed after the command's name. */
export interface Typed {
  /** The first word that is no option; `.` without one. */
  readonly target: string
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  /** What stood behind `--`: a program to run, with its words. */
  readonly program?: readonly string[]
}

/** One command of `dcesop`. */
export interface Command {
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Whether it runs a program that is named behind `--`. */
  readonly runsProgram?: boolean
  /**
   * @returns exit status: 0 done, 1 refused
   * @throws PackageError with findings, BuildError with the compiler's text, or UsageError
   */
  run(typed: Typed): Promise<number>
}

/** What was typed makes no sense, or what it names is not there; the message is all that the author needs. */
export class UsageError extends Error {}

/** The value of an option that takes one. */
export function textOf(typed: Typed, name: string): string | undefined {
  const value = typed.values[name]
  return typeof value === 'string' ? value : undefined
}
