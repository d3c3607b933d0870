import singleSpaVue from 'single-spa-vue'
import { createApp, h, shallowRef } from 'vue'
import Coverage from './coverage.vue'

let mounted = 0

/** What the shell asks of a unit: `mount`, and of what it gives back `update` and `unmount`. The rest is single-spa-vue's. */
export default {
  kind: 'page',
  async mount(target, host) {
    const shown = shallowRef(host)
    let app
    const lifecycles = singleSpaVue({
      createApp,
      appOptions: { el: target, render: () => h(Coverage, { i18n: shown.value.i18n }) },
      handleInstance: (instance) => {
        app = instance
        app.config.errorHandler = (error) => shown.value.reportError(error, 'render')
      },
    })
    // single-spa-vue keeps its instances by name.
    const props = { name: `coverage-${(mounted += 1)}` }
    await lifecycles.bootstrap(props)
    await lifecycles.mount(props)
    return {
      app,
      update: (next) => void (shown.value = next),
      unmount: () => lifecycles.unmount(props),
    }
  },
}
