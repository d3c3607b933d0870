import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileMatch } from '../match/index.ts'
import { compileCollation } from '../values/collation.ts'

/** The check that a collection's validator option makes of each document; undefined when there is none to enforce. */
export function compileValidator(options: Document): ((document: Document) => void) | undefined {
  const rule = options.validator as Document | undefined
  if (
    !rule ||
    Object.keys(rule).length === 0 ||
    options.validationLevel === 'off' ||
    options.validationAction === 'warn'
  )
    return undefined
  const accepts = compileMatch(rule, { collation: compileCollation(options.collation as Document | undefined) })
  return (document) => {
    if (accepts(document)) return
    throw new CommandError(121, 'DocumentValidationFailure', 'Document failed validation', {
      extra: {
        errInfo: {
          failingDocumentId: document._id as unknown,
          details: {
            operatorName: Object.keys(rule)[0],
            specifiedAs: rule,
            reason: 'the document does not satisfy the validator',
          },
        },
      },
    })
  }
}
