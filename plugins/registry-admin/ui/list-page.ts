import { definePage } from '@dcesop/sdk-plugin/ui'
import ListPage from './list/list-page.vue'

export default definePage({ component: ListPage })
