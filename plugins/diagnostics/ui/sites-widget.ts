import { definePanel, type WidgetContext } from '@dcesop/sdk-plugin/ui'
import SitesWidget from './network/sites-widget.vue'

export default definePanel<WidgetContext>({ component: SitesWidget })
