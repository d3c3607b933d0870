import type { Priority } from './announcer.ts'

/**
 * Two live regions that are in the page from the start: screen readers ignore regions that come with their text. Open
 * dialogs hide everything beside them, so the regions are kept out of that by standing for themselves at the end of the body.
 */
export function createLiveRegions(body: HTMLElement): (priority: Priority, text: string) => void {
  const region = (priority: Priority) => {
    const element = body.appendChild(document.createElement('div'))
    element.className = 'dc-hidden'
    element.setAttribute('role', priority === 'polite' ? 'status' : 'alert')
    element.setAttribute('aria-live', priority)
    element.setAttribute('aria-atomic', 'true')
    return element
  }
  const regions = { polite: region('polite'), assertive: region('assertive') }
  return (priority, text) => {
    // The same text again would not be read; an empty region in between makes it new.
    regions[priority].textContent = ''
    requestAnimationFrame(() => (regions[priority].textContent = text))
  }
}
