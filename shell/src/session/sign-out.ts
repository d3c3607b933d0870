import { ApiProblem, type I18n, problemText } from '@dcesop/sdk-plugin/ui'
import type { Shell } from '../state/shell.ts'

/** Signs out; says so when the host could not be told, because the session then still lives there. */
export async function signOut(shell: Shell, text: I18n): Promise<void> {
  try {
    await shell.session.signOut()
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    const message = text.t('shell.signOut.failed', { reason: problemText(error, text) })
    shell.toasts.push({ tone: 'danger', text: message })
    shell.announcer.announce(message, { priority: 'assertive' })
  }
}
