/** `m•••@example.com`: first letter and domain stay. */
export function maskEmail(email: string): string {
  return email.replace(/^(.)[^@]*/, '$1•••')
}

/** Everything hidden but the last four characters, at most eight dots, for access ids and serials. */
export function maskTail(value: string): string {
  return `${'•'.repeat(Math.min(8, Math.max(0, value.length - 4)))}${value.slice(-4)}`
}
