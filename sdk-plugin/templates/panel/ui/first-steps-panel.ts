import type { Customer360Context } from '@dcesop/sdk-plugin/contracts'
import { definePanel } from '@dcesop/sdk-plugin/ui'
import FirstStepsPanel from './first-steps-panel.vue'

export default definePanel<Customer360Context>({ component: FirstStepsPanel })
