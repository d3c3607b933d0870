import { definePage } from '@dcesop/sdk-plugin/ui'
import CustomerPage from './customer-page.vue'

export default definePage({ component: CustomerPage })
