/** A version that must not run, by the kill switch or by what the registry says of it. */
export class Barred extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Barred'
  }
}
