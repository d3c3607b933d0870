import { definePage } from '@dcesop/sdk-plugin/ui'
import SearchPage from './search-page.vue'

export default definePage({ component: SearchPage })
