// Asks a plugin to misbehave, again and again for so many seconds: in a process of its own, so that a large answer costs the bench nothing.
import { setTimeout as sleep } from 'node:timers/promises'

const [url = '', cookie = '', seconds = '0'] = process.argv.slice(2)
console.log('begins')
const until = performance.now() + Number(seconds) * 1000
while (performance.now() < until) {
  try {
    const answer = await fetch(url, { method: 'POST', headers: { cookie } })
    for await (const chunk of answer.body ?? []) void chunk
  } catch {
    // Its process ended, or the answer was cut off: that is what is asked for.
  }
  await sleep(100)
}
