import '@dcesop/sdk-plugin/ui/styles.css'
import './styles/shell.css'

// What is shared with the plugins can only be had asynchronously, once federation is set up.
void import('./start.ts').then(({ start }) => start())
