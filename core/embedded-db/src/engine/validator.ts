import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { notInThisContext } from '../match/filter.ts'
import { compileMatch } from '../match/index.ts'
import { explainValidator } from '../schema/index.ts'
import { compileCollation } from '../values/collation.ts'

function notOfValidators(operator: string): CommandError | undefined {
  return operator === '$where' || operator === '$text' ? notInThisContext(operator) : undefined
}

/**
 * The check that a collection's validator option makes of each document; undefined when there is none to enforce. At level
 * moderate an update may leave invalid what was so before.
 */
export function compileValidator(options: Document): ((document: Document, before?: Document) => void) | undefined {
  const rule = options.validator as Document | undefined
  if (!rule || Object.keys(rule).length === 0) return undefined
  const match = { collation: compileCollation(options.collation as Document | undefined) }
  const accepts = compileMatch(rule, { ...match, refuse: notOfValidators })
  if (options.validationLevel === 'off' || options.validationAction === 'warn') return undefined
  const moderate = options.validationLevel === 'moderate'
  return (document, before) => {
    if (accepts(document) || (moderate && before && !accepts(before))) return
    throw new CommandError(121, 'DocumentValidationFailure', 'Document failed validation', {
      extra: {
        errInfo: {
          failingDocumentId: document._id as unknown,
          details: explainValidator(rule, document, match),
        },
      },
    })
  }
}
