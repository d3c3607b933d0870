import { definePanel } from '@dcesop/sdk-plugin/ui'
import type { Customer360Context } from '@dcesop/sdk-plugin/contracts'
import HealthPanel from './health-panel.vue'

export default definePanel<Customer360Context>({ component: HealthPanel })
