// From where a word begins only: tried from each of its letters, a megabyte of them took a second.
const email = /(?<![\w.+-])[\w.+-]{1,256}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g
const brazilianDocument = /\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/g
const curpOrRfc = /\b[A-Z&Ñ]{3,4}\d{6}[A-Z\d]{3}(?:[A-Z\d]{5})?\b/g
const phone = /\+\d{1,3}[\s()-]{0,2}\d[\d\s()-]{6,16}\d/g
// Bare digit runs inside quotes or words; numbers of the log's own (time, ms, pid) are shorter or have a separator.
const digits = /(?<![\w.:,[-])\d{10,15}(?![\w.:-])/g

/** Takes e-mail addresses, phone and document numbers out of a text (a log line): path rules cannot see inside strings. */
export function scrub(text: string): string {
  return text
    .replace(email, '[e-mail]')
    .replace(brazilianDocument, '[document]')
    .replace(curpOrRfc, '[document]')
    .replace(phone, '[phone]')
    .replace(digits, '[number]')
}
