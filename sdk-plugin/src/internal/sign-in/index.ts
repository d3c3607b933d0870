export { passwordFault, type PasswordFault } from './password-fault.ts'
export { type Argon2Config, Passwords } from './passwords.ts'
export { RateLimit } from './rate-limit.ts'
export { type Attempts, SlowDown } from './slow-down.ts'
