import type { Connection } from 'mongoose'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import type { Finding } from '../registry/findings.ts'

interface NoticedDocument {
  _id: string
  at: Date
}

/** Which findings are in the audit already, over restarts and for all nodes. */
export class NoticedFindings {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** True once for each thing that the registry has against a package. */
  async isNew({ digest, rule, class: yankClass, reason, deadline }: Finding): Promise<boolean> {
    const noticed = this.#connection.collection<NoticedDocument>('plugin_findings')
    const _id = [digest, rule, yankClass, deadline, reason].join(' ')
    if (await noticed.findOne({ _id })) return false
    try {
      await noticed.insertOne({ _id, at: new Date() })
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }
}
