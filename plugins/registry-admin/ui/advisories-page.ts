import { definePage } from '@dcesop/sdk-plugin/ui'
import AdvisoriesPage from './advisories/advisories-page.vue'

export default definePage({ component: AdvisoriesPage })
