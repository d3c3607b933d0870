/** hapi's router ships no types; this is what is used of it. */
declare module '@hapi/call' {
  export class Router {
    /** Decodes what needs no encoding, and resolves dot segments. */
    normalize(path: string): string
  }
}
