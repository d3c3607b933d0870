/** What a launcher is asked for. */
export interface Order {
  readonly id: number
  readonly command: string
  readonly args: readonly string[]
}

/** What it tells of a process; `pid` comes with the process's descriptor 3. */
export type Told =
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly output: string }
  /** The signal, or the status. */
  | { readonly id: number; readonly exited: string }
  /** It prints nothing more: its last words may come after its end. */
  | { readonly id: number; readonly silent: true }
