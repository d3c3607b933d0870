import { definePage } from '@dcesop/sdk-plugin/ui'
import EstimatePage from './estimate-page.vue'

export default definePage({ component: EstimatePage })
