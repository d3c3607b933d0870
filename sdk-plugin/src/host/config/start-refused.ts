/** A host or a registry will not start, for a reason that its operator can act on; the message is the whole story. */
export class StartRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StartRefused'
  }
}
