import type { IconName } from '@dcesop/sdk-plugin/ui'
import type { Component } from 'vue'

export interface BuiltInPage {
  readonly path: string
  readonly titleKey: string
  readonly icon: IconName
  readonly group: 'main' | 'platform'
  readonly permission?: string
  /** False keeps it out of the navigation, and a permission for all who do not have that. */
  readonly navigation?: false | string
  /** Plugin whose pages stand for it in the navigation while they are there. Its own address stays: plugins can be managed without that one. */
  readonly replacedBy?: string
  /** Fetches it when it is first wanted. */
  load(): Promise<{ default: Component }>
}

/** Pages of the shell itself. */
export const builtInPages: readonly BuiltInPage[] = [
  {
    path: '/',
    titleKey: 'shell.dashboard.title',
    icon: 'dashboard',
    group: 'main',
    load: () => import('../dashboard/dashboard-page.vue'),
  },
  {
    path: '/admin/plugins',
    titleKey: 'shell.plugins.title',
    icon: 'plug',
    group: 'platform',
    permission: 'platform.plugins:read',
    replacedBy: 'registry-admin',
    load: () => import('../admin/plugins-page.vue'),
  },
  {
    path: '/gallery',
    titleKey: 'shell.gallery.title',
    icon: 'grid',
    group: 'platform',
    // Who builds and runs plugins looks at it; to whoever takes calls it is one more thing in the way.
    navigation: 'platform.plugins:read',
    load: () => import('../gallery/gallery-page.vue'),
  },
  {
    path: '/dev',
    titleKey: 'shell.dev.title',
    icon: 'wrench',
    group: 'platform',
    permission: 'dev:override',
    navigation: false,
    load: () => import('../dev/dev-page.vue'),
  },
]

export function builtInAt(path: string, permissions: ReadonlySet<string>): BuiltInPage | undefined {
  return builtInPages.find(
    (page) => page.path === path && (page.permission === undefined || permissions.has(page.permission)),
  )
}
