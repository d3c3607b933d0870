import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseRow } from '../server/ingest/row.ts'
import { metricsOf, readTrace, traceTime, type TracePoint } from './trace.ts'

const header =
  'Timestamp,Longitude,Latitude,Speed,Operatorname,CellID,NetworkMode,RSRP,RSRQ,SNR,CQI,RSSI,DL_bitrate,UL_bitrate,State,PINGAVG,PINGMIN,PINGMAX,PINGSTDEV,PINGLOSS,CELLHEX,NODEHEX,LACHEX,RAWCELLID,NRxRSRP,NRxRSRQ'
const record = {
  NetworkMode: 'LTE',
  State: 'D',
  RSRP: '-92',
  RSRQ: '-11',
  SNR: '2.0',
  DL_bitrate: '2900',
  UL_bitrate: '13',
  PINGAVG: '-',
  PINGLOSS: '-',
}

async function pointsOf(file: string): Promise<TracePoint[]> {
  const points: TracePoint[] = []
  for await (const point of readTrace(file)) points.push(point)
  return points
}

describe('metricsOf', () => {
  it.each([
    ['LTE while loading', record, { rsrp: -92, rsrq: -11, sinr: 2, down: 2.9, up: 0.013 }],
    ['an idle phone has no throughput to judge', { ...record, State: 'I' }, { rsrp: -92, rsrq: -11, sinr: 2 }],
    [
      '3G has other radio quantities in the same columns',
      { ...record, NetworkMode: 'HSPA+' },
      { down: 2.9, up: 0.013 },
    ],
    ['marks of lost signal', { ...record, RSRP: '-200', SNR: '-30.0', State: 'I' }, { rsrq: -11 }],
    [
      'ping',
      { ...record, State: 'I', PINGAVG: '68', PINGLOSS: '0' },
      { rsrp: -92, rsrq: -11, sinr: 2, latency: 68, loss: 0 },
    ],
  ])('of %s', (_name, given, expected) => {
    expect(metricsOf(given)).toEqual(expected)
  })
})

describe('readTrace', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'diagnostics-trace-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const write = async (...lines: string[]): Promise<string> => {
    const file = path.join(folder, 'trace.csv')
    await writeFile(file, lines.join('\n'))
    return file
  }
  const line = (time: string, rsrp: string): string =>
    `${time},0,0,0,B,2,5G,${rsrp},-11,5,8,-76,2000,13,D,-,-,-,-,-,2,A,9,1,-,-`

  it('makes one point of a second and counts time from the first row', async () => {
    const file = await write(
      header,
      line('2019.12.31_23.59.59', '-92'),
      line('2019.12.31_23.59.59', '-93'),
      line('2020.01.01_00.00.02', '-95'),
    )
    expect((await pointsOf(file)).map(({ offsetMs, metrics }) => [offsetMs, metrics.rsrp])).toEqual([
      [0, -93],
      [3000, -95],
    ])
  })

  it('leaves a row that comes too late at its own time', async () => {
    const times = ['10.00.00', '10.00.05', '10.00.03', '10.00.06', '09.59.59']
    const file = await write(header, ...times.map((time, index) => line(`2019.12.12_${time}`, `-9${index}`)))
    expect((await pointsOf(file)).map(({ offsetMs, metrics }) => [offsetMs, metrics.rsrp])).toEqual([
      [0, -90],
      [5000, -91],
      [3000, -92],
      [6000, -93],
      [-1000, -94],
    ])
  })

  it('reads what a spreadsheet made of it where the comma is the decimal mark', async () => {
    const row = line('2019.12.12_10.00.00', '-92,5').replaceAll(',', ';').replace('-92;5', '-92,5')
    const file = await write(`\ufeff${header.replaceAll(',', ';')}\r`, `${row}\r`, '')
    expect((await pointsOf(file)).map(({ metrics }) => [metrics.rsrp, metrics.down])).toEqual([[-92.5, 2]])
  })

  it('takes a blank for not measured, and not for a naught', async () => {
    const blank = line(' 2019.12.12_10.00.00', '-92').replace(',D,-,-,-,-,-,', ',D, ,-,-,-, ,')
    expect((await pointsOf(await write(` ${header.replaceAll(',', ', ')}`, blank)))[0]?.metrics).toEqual({
      rsrp: -92,
      rsrq: -11,
      sinr: 5,
      down: 2,
      up: 0.013,
    })
  })

  it('says which columns a foreign file lacks', async () => {
    await expect(pointsOf(await write('a,b', '1,2'))).rejects.toThrow(/not a radio trace.*Timestamp/)
  })

  it.each([
    ['an empty file', ''],
    ['a header alone', header],
  ])('takes %s for no trace', async (_name, text) => {
    await expect(pointsOf(await write(text))).rejects.toThrow(/not a radio trace.*no rows/)
  })

  it('names the line of a broken time', async () => {
    await expect(pointsOf(await write(header, line('yesterday', '-92')))).rejects.toThrow(/Line 2.*yesterday/)
  })

  it('names the line of a time that no calendar has', async () => {
    const file = await write(header, line('2019.99.12_10.00.00', '-92'), line('2019.12.12_10.00.00', '-92'))
    await expect(pointsOf(file)).rejects.toThrow('Line 2: "2019.99.12_10.00.00" is not a time')
  })

  it('tells nothing to the terminal that reads like its own commands', async () => {
    const told = await pointsOf(await write(header, line('\u001b[2J\u0007', '-92'))).catch(String)
    expect(told).toBe('Error: Line 2: "\\u001b[2J\\u0007" is not a time like 2019.12.01_12.11.21')
  })

  it('does not take the rest of a file into memory for a quote that is never closed', async () => {
    const file = await write(header, `"${'x'.repeat(300_000)}`, line('2019.12.12_10.00.00', '-92'))
    await expect(pointsOf(file)).rejects.toThrow(/maximum|max record/i)
  })

  it('takes columns for names only, whatever they are called', async () => {
    const file = await write(
      `${header},__proto__,constructor`,
      `${line('2019.12.12_10.00.00', '-92')},polluted,polluted`,
    )
    expect((await pointsOf(file)).map(({ metrics }) => metrics.rsrp)).toEqual([-92])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('refuses times in another form', () => {
    expect(() => traceTime('2019-12-01 12:11:21')).toThrow(/2019\.12\.01_12\.11\.21/)
  })
})

const traces = path.resolve(import.meta.dirname, '../../../../shared/data/5g')
const files = existsSync(traces) ? readdirSync(traces).filter((name) => name.endsWith('.csv')) : []
const describeTraces = files.length > 0 ? describe : describe.skip

describeTraces('real 5G traces (../shared/data/5g)', () => {
  it.each(files.length > 0 ? files : ['none'])('%s becomes rows that ingest accepts', async (name) => {
    const points = await pointsOf(path.join(traces, name))
    expect(points.length).toBeGreaterThan(100)
    const refused = points.filter(({ metrics }, seq) => {
      const row = { source: 'replay', seq, serviceId: 's', at: '2026-11-20T12:00:00Z', metrics }
      return 'problem' in parseRow(JSON.stringify(row))
    })
    expect(refused).toEqual([])
    const offsets = points.map(({ offsetMs }) => offsetMs)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  })
})
