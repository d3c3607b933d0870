// Asks a host for so much in a second over so many connections, whatever it answers: in a process of its own, which takes nothing of the
// time of whoever measures. Prints how long answers and refusals took, ms, and what was neither.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface OpenLoop {
  readonly url: string
  readonly paths: readonly string[]
  readonly cookie: string
  readonly connections: number
  readonly perSecond: number
  readonly seconds: number
}

export interface OpenLoopResult {
  readonly taken: number[]
  readonly refused: number[]
  /** Neither an answer nor a refusal that says when to come again. */
  readonly others: string[]
}

const { url, paths, cookie, connections, perSecond, seconds } = JSON.parse(process.argv[2] ?? '') as OpenLoop
const { hostname, port, host } = new URL(url)
const result: OpenLoopResult = { taken: [], refused: [], others: [] }
const idle: Socket[] = []
const sentAt = new Map<Socket, number>()

/** One answer has come: heads and short bodies, with a length, over loopback. */
function read(socket: Socket, text: string): boolean {
  const head = text.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1]
  if (head === -1 || length === undefined || text.length < head + 4 + Number(length)) return false
  const ms = performance.now() - (sentAt.get(socket) as number)
  const status = Number(text.slice(9, 12))
  const isRefusal = status === 503 && text.includes('"code":"unavailable"') && /\r\nretry-after:/i.test(text)
  if (status === 200 || status === 401) result.taken.push(ms)
  else if (isRefusal) result.refused.push(ms)
  else result.others.push(text.slice(0, 300))
  sentAt.delete(socket)
  idle.push(socket)
  return true
}

async function open(): Promise<void> {
  const socket = connect(Number(port), hostname).setNoDelay()
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (read(socket, text)) text = ''
  })
  socket.on('error', ({ message }) => result.others.push(message))
  await once(socket, 'connect')
  ask(socket, '/healthz', '')
  // Taken by the host, as a proxy's are: what a crowd of connections waits for is another figure.
  while (sentAt.has(socket)) await sleep(1)
}

function ask(socket: Socket, path: string, session: string): void {
  sentAt.set(socket, performance.now())
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${session}\r\n`)
}

for (let opened = 0; opened < connections; opened += 1) await open()
result.taken.length = 0
const start = performance.now()
let asked = 0
for (let passed = 0; passed < seconds; passed = (performance.now() - start) / 1000) {
  const due = Math.floor(passed * perSecond)
  // Where all wait for an answer, nobody is left to ask.
  for (; asked < due && idle.length > 0; asked += 1)
    ask(idle.shift() as Socket, paths[asked % paths.length] as string, asked % 4 === 0 ? '' : `cookie: ${cookie}\r\n`)
  asked = due
  await sleep(2)
}
while (sentAt.size > 0) await sleep(10)
process.stdout.write(JSON.stringify(result), () => process.exit())
