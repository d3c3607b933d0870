const plain = /^((?:\/-\/package|\/-\/dcesop\/v1\/plugins)?\/@[^/?]+)\/([^/?]+)/
const escaped = /%2f/i

/** `/@scope/name/…` as `/@scope%2fname/…`, the form that most clients send: one spelling reaches the routes. */
export function withEscapedScope(path: string): string {
  const [, head] = plain.exec(path) ?? []
  return head === undefined || escaped.test(head) ? path : path.replace(plain, '$1%2f$2')
}
