import { DcSkeleton, provideI18n } from '@dcesop/sdk-plugin/ui'
import { type App, createApp, h } from 'vue'
import { provideShell, type Shell } from '../state/shell.ts'
import FallbackCard from './fallback-card.vue'
import type { SupervisorTools } from './supervised-unit.ts'

/** What stands in a unit's place while it loads or when it failed: small apps of the shell, beside the unit's own. */
export function supervisorNotices(shell: () => Shell): Pick<SupervisorTools, 'showCard' | 'showLoading'> {
  function mount(target: HTMLElement, app: App): () => void {
    const element = target.appendChild(document.createElement('div'))
    provideShell(app, shell())
    provideI18n(app, shell().appearance.i18n)
    app.mount(element)
    return () => {
      app.unmount()
      element.remove()
    }
  }
  return {
    showCard: (target, content) => mount(target, createApp(FallbackCard, { content, page: target.parentElement?.classList.contains('sh-outlet') })),
    showLoading: (target) => mount(target, createApp({ render: () => h('div', { class: 'sh-loading' }, h(DcSkeleton, { lines: 4 })) })),
  }
}
