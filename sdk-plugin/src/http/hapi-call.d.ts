/** hapi's router ships no types; this is what is used of it. */
declare module '@hapi/call' {
  export class Router {
    /** @throws Error for a path that cannot be read, or one that matches the same addresses as another of the method */
    add(route: { readonly method: string; readonly path: string }): void
    /** Decodes what needs no encoding, and resolves dot segments. */
    normalize(path: string): string
  }
}
