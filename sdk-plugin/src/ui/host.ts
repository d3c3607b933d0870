import type { App } from 'vue'
import type { I18n } from '../i18n/i18n.ts'

export type { I18n }

/** What the shell hands to every mounted page, panel and widget. Frozen; replaced as a whole when the theme or language changes. */
export interface UiHost {
  readonly api: ApiClient
  readonly realtime: RealtimeClient
  readonly i18n: I18n
  readonly user: UiUser
  /** Moves inside the shell without a reload. Path as in the manifest's pages, for example `/customers/br/c_123`. */
  navigate(path: string): void
  /** Speaks through the shell's two live regions; same `key` replaces what still waits. */
  announce(message: string, options?: { priority?: 'polite' | 'assertive'; key?: string }): void
  /** Shows a short notice with an optional action. */
  notify(notice: {
    tone: 'info' | 'ok' | 'warn' | 'danger'
    text: string
    action?: { label: string; run(): void }
  }): void
  /** Asks for step-up (TOTP or password) in the shell's own dialog; resolves false when the person gives up. */
  stepUp(operation: string, parameters: Readonly<Record<string, unknown>>): Promise<boolean>
  /**
   * Adds keys to those of the shell: its help and palette list them, and they are off for whoever turned single keys off. Returns
   * the function that takes them away; `useShortcuts` calls it.
   */
  addShortcuts(shortcuts: readonly UnitShortcut[]): () => void
  readonly theme: 'light' | 'dark' | 'contrast'
  /** Which plugin the unit belongs to; scopes its styles and names it in reports. */
  readonly plugin: { readonly id: string; readonly version: string }
  /** Panels that other plugins put into an extension point; used by `DcSlot`. */
  readonly slots: SlotHost
  /** Tells the supervisor about an error that the unit did not handle. The unit stays mounted. */
  reportError(error: unknown, where: string): void
}

export interface UnitShortcut {
  /** One key by its name in browsers, `n` or `Escape`, or `g` and then one, `g 1`. The shell's own keys win. */
  readonly keys: string
  /** What it does, in the person's language. */
  readonly label: string
  run(): void
}

export interface SlotHost {
  /**
   * Mounts the units registered for an extension point, in the feed's order, each in its own child of `element`, and keeps
   * them in step with the feed. `count` tells how many are mounted, at once and on each change.
   */
  mountSlot(point: string, element: HTMLElement, context: unknown, onCount?: (count: number) => void): SlotHandle
}

export interface SlotHandle {
  update(context: unknown): void
  dispose(): void
}

export interface UiUser {
  readonly subject: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
  readonly regions: readonly string[]
}

/** Fetch below `/api`, same origin, JSON in and out. Rejects with `ApiProblem` for every answer that is not 2xx. */
export interface ApiClient {
  get<T>(path: string, options?: RequestOptions): Promise<T>
  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  put<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  patch<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  delete<T>(path: string, options?: RequestOptions): Promise<T>
}

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** A poll or prefetch: does not count as the person's activity. */
  readonly background?: boolean
  readonly idempotencyKey?: string
  /** Sent as If-Match; the answer is 412 when someone else saved in between. */
  readonly ifMatch?: string
  /** `*`: writes only what is not there yet. */
  readonly ifNoneMatch?: '*'
  /** Sees the answer's headers (for example ETag) before the promise resolves. */
  readonly onHeaders?: (headers: Headers) => void
}

export interface RealtimeMessage<P = unknown> {
  /** Monotonic within the topic and key; given back to the server on reconnect. */
  readonly id: string
  readonly payload: P
}

export interface RealtimeClient {
  readonly state: 'connected' | 'reconnecting' | 'offline'
  onState(listener: (state: RealtimeClient['state']) => void): () => void
  /**
   * Joins (topic, region, key). After a reconnect the server replays what was missed; when it cannot, `resync` is called
   * and the view refetches. Returns the function that leaves.
   */
  subscribe<P>(
    channel: { topic: string; region: string; key: string },
    listener: {
      message(message: RealtimeMessage<P>): void
      resync(): void
      /** The server accepted: from here on nothing is missed, so this is the time for the first fetch. */
      joined?(): void
      /** The server refused for good, for example `forbidden`. */
      denied?(code: string): void
    },
  ): () => void
}

/** Lifecycle that a remote exposes and the shell's supervisor wraps. One Vue app per mounted element. */
export interface UiUnit<Context = unknown> {
  readonly kind: 'page' | 'panel'
  mount(target: HTMLElement, host: UiHost, context: Context): Promise<MountedUnit<Context>>
}

export interface MountedUnit<Context = unknown> {
  readonly app: App
  update(host: UiHost, context: Context): void
  unmount(): Promise<void>
}

/** Context of a page: what the path and query of its manifest entry matched. */
export interface PageContext {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly path: string
}

/** Context of a dashboard widget (extension point `dashboard.widget/v1`, owned by the shell). */
export interface WidgetContext {
  readonly columns: number
  readonly rows: number
  readonly editing: boolean
}
