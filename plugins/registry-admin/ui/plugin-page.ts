import { definePage } from '@dcesop/sdk-plugin/ui'
import PluginPage from './detail/plugin-page.vue'

export default definePage({ component: PluginPage })
