import { tagsLeft } from '../../packages/tags-left.ts'

interface Tagged {
  /** Undefined once a version came of which the log does not tell the tags: entries of before. */
  pointing: Map<string, string> | undefined
  /** Versions that are not yanked. */
  readonly left: Set<string>
}

/** Where the tags of packages point, by the entries of the log. */
export class ReplayedTags {
  readonly #packages = new Map<string, Tagged>()

  of(name: string): ReadonlyMap<string, string> | undefined {
    return this.#packages.get(name)?.pointing
  }

  /** @param subject `name@version`, or the name of the package whose tag was moved */
  take(kind: string, subject: string, body: Readonly<Record<string, unknown>>): void {
    if (kind === 'tag.moved' || kind === 'tag.removed') return this.#move(subject, body)
    const at = subject.lastIndexOf('@')
    const [name, version] = [subject.slice(0, at), subject.slice(at + 1)]
    if (kind === 'version.published') this.#publish(name, version, body['tags'])
    else if (kind === 'version.yanked' || kind === 'version.restored') this.#leave(name, version, kind)
  }

  #publish(name: string, version: string, tags: unknown): void {
    const known = this.#packages.get(name) ?? { pointing: new Map<string, string>(), left: new Set<string>() }
    this.#packages.set(name, known)
    known.left.add(version)
    if (!Array.isArray(tags)) known.pointing = undefined
    else for (const tag of tags as string[]) known.pointing?.set(tag, version)
  }

  #move(name: string, { tag, version }: Readonly<Record<string, unknown>>): void {
    const pointing = this.#packages.get(name)?.pointing
    if (typeof version === 'string') pointing?.set(String(tag), version)
    else pointing?.delete(String(tag))
  }

  #leave(name: string, version: string, kind: 'version.yanked' | 'version.restored'): void {
    const known = this.#packages.get(name)
    if (!known) return
    if (kind === 'version.yanked') known.left.delete(version)
    else known.left.add(version)
    if (known.pointing) known.pointing = tagsLeft(known.pointing, [...known.left])
  }
}
