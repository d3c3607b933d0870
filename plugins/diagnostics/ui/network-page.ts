import { definePage } from '@dcesop/sdk-plugin/ui'
import NetworkPage from './network/network-page.vue'

export default definePage({ component: NetworkPage })
