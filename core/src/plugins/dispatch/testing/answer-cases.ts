import { connect } from 'node:net'
import type { Asked } from './asked-plugin.ts'

/** How data and failures are answered. */
export function answerCases(asked: Asked): void {
  const { at } = asked

  describe('how data is answered', () => {
    it('is whole whatever part is asked for: data has none', async () => {
      for (const range of ['items=0-9', 'bytes=0-1', 'bytes=9999999-']) {
        for (const path of ['/data', '/built'])
          expect(await asked.harness.call('GET', at(path), { headers: { range } })).toMatchObject({
            status: 200,
            json: { text: 'ação' },
          })
      }
    })

    it('is the same whether a handler returns it or builds an answer of it', async () => {
      const [data, built] = [
        await asked.harness.call('GET', at('/data')),
        await asked.harness.call('GET', at('/built')),
      ]
      expect({ status: data.status, text: data.text }).toEqual({ status: 200, text: built.text })
      const told = ({ headers }: typeof data) =>
        Object.entries(headers).filter(([name]) => !['date', 'x-trace-id', 'accept-ranges'].includes(name))
      expect(told(data).sort()).toEqual(told(built).sort())
      expect(data.headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/)
    })

    it('is compressed when it is large and the client takes that', async () => {
      const plain = await asked.harness.call('GET', at('/large'))
      const packed = await asked.harness.call('GET', at('/large'), { headers: { 'accept-encoding': 'gzip' } })
      expect(plain).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
      expect(JSON.parse(plain.text)).toHaveLength(500)
      expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' })
    })

    it('leaves what is no data, or cannot be written, to the rest of the way', async () => {
      expect(await asked.harness.call('GET', at('/text'))).toMatchObject({ status: 200, text: 'text' })
      expect(await asked.harness.call('GET', at('/nothing-to-say'))).toMatchObject({ status: 204, text: '' })
      expect(await asked.harness.call('GET', at('/circle'))).toMatchObject({
        status: 500,
        json: { code: 'internal_error' },
      })
      expect(await asked.harness.call('HEAD', at('/data'))).toMatchObject({ status: 200, text: '' })
    })
  })

  describe('when a handler fails', () => {
    it('answers 500 with a trace id and nothing of the error, and charges the plugin in the log', async () => {
      const { status, json, text } = await asked.harness.call('GET', at('/throws'))
      expect({ status, code: json['code'] }).toEqual({ status: 500, code: 'internal_error' })
      expect(text).not.toContain('the handler broke')
      const line = asked.harness.log.lines.find(({ fields }) => fields['traceId'] === json['traceId'])
      expect(line).toMatchObject({ level: 'error', fields: { plugin: 'demo', err: { message: 'the handler broke' } } })
    })

    it('passes a problem on as it is', async () => {
      expect(await asked.harness.call('GET', at('/refuses'))).toMatchObject({
        status: 409,
        json: { code: 'demo_conflict', detail: 'It is so already.' },
      })
    })

    it('ends a handler at its time limit with 504 and its signal', async () => {
      expect(await asked.harness.call('GET', at('/slow'))).toMatchObject({ status: 504, json: { code: 'time_limit' } })
      expect(
        asked.harness.log.lines.some(({ message, fields }) => message === 'signal seen' && fields['plugin'] === 'demo'),
      ).toBe(true)
    })

    it('goes on serving after a client that sent half a body and left', async () => {
      const { port } = new URL(asked.harness.origin)
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST ${at('/ingest')} HTTP/1.1\r\nhost: x\r\nx-user: agent\r\ncontent-type: application/x-ndjson\r\ncontent-length: 100\r\n\r\nhalf`,
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
      expect((await asked.harness.call('GET', at('/list'))).status).toBe(200)
    })
  })
}
