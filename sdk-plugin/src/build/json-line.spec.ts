import { lineOf, repeatedIn } from './json-line.ts'

const text = `{
  "id": "radio", "note": "not \\"routes\\": [1, {",
  "backend": {
    "routes": [
      { "path": "/a" },
      {
        "path":
          "/b",
        "list": [[1, 2],
          3]
      }
    ]
  },
  "a/b~c": null,
  "last": {}
}`

it.each([
  ['/', 1],
  ['/id', 2],
  ['/note', 2],
  ['/backend', 3],
  ['/backend/routes', 4],
  ['/backend/routes/0', 5],
  ['/backend/routes/0/path', 5],
  ['/backend/routes/1', 6],
  ['/backend/routes/1/path', 7],
  ['/backend/routes/1/list', 9],
  ['/backend/routes/1/list/0/1', 9],
  ['/backend/routes/1/list/1', 10],
  ['/backend/routes/1/missing', 6],
  ['/backend/routes/2', 4],
  ['/a~1b~0c', 14],
  ['/last', 15],
  ['/las', 1],
])('%s is found at line %i, or else what is around it', (pointer, line) => {
  expect(lineOf(text, pointer)).toBe(line)
  expect(lineOf(text.replaceAll('\n', '\r\n'), pointer)).toBe(line)
})

it('tells which member stands there twice', () => {
  expect(repeatedIn(text)).toBeUndefined()
  expect(repeatedIn('{ "a": [{ "b": 1 }, { "b": 1,\n "b": 2 }] }')).toEqual({ pointer: '/a/1/b', line: 2 })
})
