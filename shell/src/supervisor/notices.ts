import { DcSkeleton, provideI18n } from '@dcesop/sdk-plugin/ui'
import { createApp, h, type VNode } from 'vue'
import { provideShell, type Shell } from '../state/shell.ts'
import FallbackCard from './fallback-card.vue'
import type { SlotTools } from './slots.ts'
import type { SupervisorTools } from './supervised-unit.ts'

/** What stands in a unit's place while it loads or when it failed: small apps of the shell, beside the unit's own. */
export function supervisorNotices(
  shell: () => Shell,
): Pick<SupervisorTools, 'showCard' | 'showLoading'> & Pick<SlotTools, 'tellAuthor'> {
  function mount(target: HTMLElement, render: () => VNode): () => void {
    const element = target.appendChild(document.createElement('div'))
    const app = createApp({ render })
    provideShell(app, shell())
    provideI18n(app, shell().appearance.i18n)
    app.mount(element)
    return () => {
      const held = element.contains(document.activeElement)
      app.unmount()
      element.remove()
      // Whoever tried again goes on where the unit appears.
      if (!held) return
      target.tabIndex = -1
      target.focus({ preventScroll: true })
    }
  }
  return {
    showCard(target, content) {
      const page = target.parentElement?.classList.contains('sh-outlet')
      return mount(target, () => h(FallbackCard, { content, page }))
    },
    tellAuthor(point, problem) {
      const { appearance, announcer, toasts } = shell()
      const text = appearance.i18n.value.t('shell.wrongContext', { point, problem })
      toasts.push({ tone: 'danger', text })
      announcer.announce(text, { priority: 'assertive' })
    },
    showLoading(target) {
      const remove = mount(target, () => h('div', { class: 'sh-loading' }, h(DcSkeleton, { lines: 4 })))
      // From when the skeleton is seen: those of the unit that follows begin where it ends.
      const seen = setTimeout(() => (target.dataset['waited'] = ''), 200)
      return () => {
        clearTimeout(seen)
        delete target.dataset['waited']
        remove()
      }
    },
  }
}
