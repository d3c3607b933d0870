/** `m•••@example.com`: first letter and domain stay; of a single letter nothing but the domain. */
export function maskEmail(email: string): string {
  return email.replace(/^(?:.(?=@)|(.)[^@]*)/u, '$1•••')
}

/** Everything hidden but the last four characters, of short values the last half, at most eight dots, for access ids. */
export function maskTail(value: string): string {
  const hidden = value.length - Math.min(4, Math.floor(value.length / 2))
  return `${'•'.repeat(Math.min(8, hidden))}${value.slice(hidden)}`
}
