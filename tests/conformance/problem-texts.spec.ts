import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problems } from '../../core/src/http/problems.ts'
import { codeText } from '../../sdk-plugin/src/ui/components/problem-text.ts'

/** Only whoever writes a client meets them, or their screen has words of its own; a person is told that the request failed. */
const notForScreens = [
  ...['client_gone', 'internal_error', 'egress_refused', 'secret_unavailable', 'foreign_origin'],
  ...['invalid_request', 'duplicate_key', 'forbidden_key', 'malformed_encoding', 'malformed_json', 'unexpected_body'],
  ...['expectation_failed', 'method_not_allowed', 'unsupported_media_type', 'upgrade_required'],
  ...[
    'request_headers_too_large',
    'precondition_required',
    'invalid_client',
    'invalid_scope',
    'unsupported_grant_type',
    'dev_session_over',
  ],
  // Of the sign-in, the step-up, `/dev` and the registry's screens.
  ...[
    'invalid_credentials',
    'totp_required',
    'sign_in_busy',
    'step_up_failed',
    'dev_code_unknown',
    'dev_overrides_off',
  ],
  ...['registry_declined', 'plan_differs', 'plan_impossible', 'plugin_busy'],
]

it('a person is told each problem of the host that they can meet', () => {
  const silent = Object.keys(problems).filter((code) => codeText(code, { locale: 'es' }) === undefined)
  expect(silent.sort()).toEqual(notForScreens.sort())
})

/** What the console's own client says of a request that did not reach the host. */
const ofTheClient = ['offline']

it('there are words for problems of the host and of its client only', () => {
  const file = join(import.meta.dirname, '../../sdk-plugin/src/ui/locales/es.json')
  const ids = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)
  const told = ids.filter((id) => id.startsWith('ui.problem.')).map((id) => id.slice('ui.problem.'.length))
  expect(told.filter((code) => !Object.hasOwn(problems, code))).toEqual(ofTheClient)
})
