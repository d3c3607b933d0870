import { randomInt } from 'node:crypto'

/** Without those that people take for one another when they read them out. */
const characters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const perGroup = 4

/** 79 random bits to be read out or typed once, for example `k3mf-9xtw-ab7q-h2vz`. */
export function newOneTimePassword(): string {
  const group = () => Array.from({ length: perGroup }, () => characters[randomInt(characters.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}
