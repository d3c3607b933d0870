import { definePanel } from '@dcesop/sdk-plugin/ui'
import type { Customer360Context } from '@dcesop/sdk-plugin/contracts'
import IncidentBadge from './live/incident-badge.vue'

export default definePanel<Customer360Context>({ component: IncidentBadge })
