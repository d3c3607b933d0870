import { definePanel, type WidgetContext } from '@dcesop/sdk-plugin/ui'
import NetworkWidget from './network/network-widget.vue'

export default definePanel<WidgetContext>({ component: NetworkWidget })
