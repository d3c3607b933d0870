import { formatDocument, maskDocument, normaliseDocument } from './documents.ts'

describe('identity documents', () => {
  it.each([
    ['CPF', '390.533.447-05', '39053344705'],
    ['CPF', '39053344705', '39053344705'],
    ['RFC', 'GODE561231GR8', 'GODE561231GR8'],
    ['CURP', 'boxw310820hnerxn09', 'BOXW310820HNERXN09'],
    ['RFC', 'N\u0303UPM800101AB1', 'ÑUPM800101AB1'],
    ['CURP', 'SABC000229HDFNRRA1', 'SABC000229HDFNRRA1'],
    ['CPF', 'CPF nº 390.533.447-05', '39053344705'],
    ['CURP', 'CURP: BOXW310820HNERXN09', 'BOXW310820HNERXN09'],
    ['CURP', 'BOXW310820XNERXN03', 'BOXW310820XNERXN03'],
    ['CURP', 'sabc-000229-xdfnrra5', 'SABC000229XDFNRRA5'],
    ['RFC', 'rfc GODE561231GR8', 'GODE561231GR8'],
    ['CC', 'C.C. 79.654.321', '79654321'],
    ['CC', 'Cédula: 79654321', '79654321'],
    ['CC', '1.020.304.050', '1020304050'],
    ['CC', '79 654 321', '79654321'],
  ] as const)('accepts %s %s', (kind, written, compact) => {
    expect(normaliseDocument(kind, written)).toBe(compact)
  })

  it.each([
    ['CPF', '390.533.447-06'],
    ['CPF', '111.111.111-11'],
    ['CPF', '3905334470'],
    ['RFC', 'GODE561231GR9'],
    ['RFC', 'GODE561331GR8'],
    ['CURP', 'BOXW310820HNERXN08'],
    ['CURP', 'BOXW310820XNERXN09'],
    // 1900 was no leap year, and nobody was born in 2090.
    ['CURP', 'SABC000229HDFNRR01'],
    ['CURP', 'SABC900101HDFNRRA8'],
    ['RFC', 'XAXX010101000'],
    ['CC', '0123456'],
    ['CC', '9020304050'],
    ['CC', '123456789012'],
    ['CPF', '{"$gt":""}'],
  ] as const)('refuses %s %s', (kind, written) => {
    expect(normaliseDocument(kind, written)).toBeUndefined()
  })

  it('shows a mask that keeps the shape and three characters', () => {
    expect(maskDocument('CPF', '39053344705')).toBe('•••.•••.••7-05')
    expect(maskDocument('CURP', 'BOXW310820HNERXN09')).toBe('•••••••••••••••N09')
    expect(maskDocument('CC', '1020304050')).toBe('•.•••.•••.050')
    // Cédulas of the first issues.
    expect(['123', '4567'].map((early) => maskDocument('CC', early))).toEqual(['••3', '•.••7'])
    expect(formatDocument('CC', '79654321')).toBe('79.654.321')
  })
})
