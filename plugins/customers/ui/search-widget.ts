import { definePanel, type WidgetContext } from '@dcesop/sdk-plugin/ui'
import SearchWidget from './search-widget.vue'

export default definePanel<WidgetContext>({ component: SearchWidget })
