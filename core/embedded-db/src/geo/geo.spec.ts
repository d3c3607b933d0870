import type { Collection, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

const point = (longitude: number, latitude: number): Document => ({ type: 'Point', coordinates: [longitude, latitude] })
const ring = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const polygon = (...rings: number[][][]): Document => ({ type: 'Polygon', coordinates: rings })
const line = (...coordinates: number[][]): Document => ({ type: 'LineString', coordinates })

describe('geospatial queries', () => {
  let database: TestDatabase
  let places: Collection<Document>
  let number = 0

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(() => {
    places = database.client.db('geo').collection(`places${number++}`)
  })

  const found = async (filter: Document): Promise<unknown[]> =>
    (await places.find(filter).toArray()).map(({ _id }) => _id)
  const put = (...values: unknown[]): Promise<unknown> =>
    places.insertMany(values.map((at, i) => ({ _id: (i + 1) as never, at })))

  describe('within a shape', () => {
    it.each<[string, Document, number[]]>([
      [
        'a box',
        {
          $box: [
            [-1, -1],
            [1, 2],
          ],
        },
        [1, 3, 4],
      ],
      ['a circle', { $center: [[0, 0], 2] }, [1, 3, 4]],
      ['a circle on the sphere', { $centerSphere: [[0, 0], 0.03] }, [1, 3, 4]],
      [
        'a polygon in the plane',
        {
          $polygon: [
            [4, 4],
            [6, 4],
            [6, 6],
            [4, 6],
          ],
        },
        [2],
      ],
      ['a polygon on the sphere', { $geometry: polygon(ring(-2, -2, 2, 2)) }, [1, 3, 4]],
      ['a polygon whose ring runs the other way', { $geometry: polygon(ring(-2, -2, 2, 2).toReversed()) }, [1, 3, 4]],
      ['a polygon with a hole', { $geometry: polygon(ring(-9, -9, 9, 9), ring(-2, -2, 2, 2)) }, [2]],
      [
        'one of two polygons',
        { $geometry: { type: 'MultiPolygon', coordinates: [[ring(4, 4, 6, 6)], [ring(-1, 0.5, 1, 2)]] } },
        [2, 3],
      ],
      ['a polygon over the meridian of 180°', { $geometry: polygon(ring(170, -10, 190 - 360, 10)) }, [6]],
    ])('finds %s', async (_shape, shape, ids) => {
      await put(
        [0, 0],
        { x: 5, y: 5 },
        point(0, 1),
        [
          [70, 70],
          [1, 0],
        ],
        'nowhere',
        point(179, 1),
      )
      expect(await found({ at: { $geoWithin: shape } })).toEqual(ids)
      expect(await found({ at: { $within: shape } })).toEqual(ids)
      expect(await found({ at: { $not: { $geoWithin: shape } } })).toEqual(
        [1, 2, 3, 4, 5, 6].filter((id) => !ids.includes(id)),
      )
    })

    it('takes a line or an area only as a whole', async () => {
      await put(line([0, 0], [1, 1]), line([0, 0], [9, 9]), polygon(ring(1, 1, 2, 2)), polygon(ring(1, 1, 8, 2)))
      expect(await found({ at: { $geoWithin: { $geometry: polygon(ring(-5, -5, 5, 5)) } } })).toEqual([1, 3])
      expect(await found({ at: { $geoIntersects: { $geometry: polygon(ring(-5, -5, 5, 5)) } } })).toEqual([1, 2, 3, 4])
    })
  })

  it('sees an edge that leaves an area from corner to corner, and areas that share their boundary', async () => {
    const bay = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
      [0, 0],
    ]
    await put(line([0, 4], [4, 4]), polygon(bay), line([1, 0.5], [3, 0.5]), polygon(ring(1.9, 3, 2.1, 5)))
    expect(await found({ at: { $geoWithin: { $geometry: polygon(bay) } } })).toEqual([2, 3])
    expect(await found({ at: { $geoIntersects: { $geometry: polygon(bay) } } })).toEqual([1, 2, 3])
  })

  it('finds what meets a geometry, also over the meridian of 180° and in lists of geometries', async () => {
    await put(
      line([-178, 10], [178, 10]),
      [line([-178, 10], [178, 10]), line([-178, 5], [178, 5])],
      polygon(ring(-1, -1, 1, 1)),
      point(0.5, 0.5),
      polygon(ring(-9, -9, 9, 9), ring(-3, -3, 3, 3)),
    )
    const meeting = (geometry: Document): Promise<unknown[]> =>
      found({ at: { $geoIntersects: { $geometry: geometry } } })
    expect(await meeting(line([180, 11], [180, 9]))).toEqual([1, 2])
    expect(await meeting(line([0, 11], [0, 10]))).toEqual([])
    expect(await meeting(polygon(ring(-2, -2, 2, 2)))).toEqual([3, 4])
    expect(await meeting(point(0.5, 0.5))).toEqual([3, 4])
    expect(await meeting({ type: 'GeometryCollection', geometries: [point(5, 5), point(180, 10.06)] })).toEqual([5])
  })

  it('gives the nearest first, in metres, in radians or in the plane', async () => {
    await places.createIndex({ at: '2d' })
    await put([40, 89], [10, 20], [11, 20])
    expect(await found({ at: { $near: [30, 40] } })).toEqual([3, 2, 1])
    expect(await found({ at: { $near: [10, 19], $maxDistance: 1.2 } })).toEqual([2])
    expect(await found({ at: { $near: [10, 20], $minDistance: 0.5, $maxDistance: 2 } })).toEqual([3])
    expect(await found({ at: { $nearSphere: [10, 20], $maxDistance: 0.02 } })).toEqual([2, 3])
    const sphere = database.client.db('geo').collection(`sphere${number}`)
    await sphere.createIndex({ at: '2dsphere', kind: 1 })
    await sphere.insertMany([
      { _id: 1 as never, at: point(179, 0) },
      { _id: 2 as never, at: line([-179, 1], [-170, 1]), kind: 'line' },
      { _id: 3 as never },
    ])
    places = sphere
    const near = { $geometry: point(-179, 0) }
    expect(await found({ at: { $near: near } })).toEqual([2, 1])
    expect(await found({ at: { $nearSphere: { ...near, $maxDistance: 111_500 } } })).toEqual([2])
    expect(
      await found({ $and: [{ kind: { $exists: false } }, { at: { $near: { ...near, $minDistance: 1 } } }] }),
    ).toEqual([1])
    expect(
      await sphere
        .find({ at: { $near: near } })
        .sort({ _id: 1 })
        .map(({ _id }) => _id as unknown)
        .toArray(),
    ).toEqual([1, 2])
    expect(
      await sphere
        .find({ at: { $near: near } })
        .skip(1)
        .limit(1)
        .toArray(),
    ).toMatchObject([{ _id: 1 }])
  })

  it('tells distances in a pipeline', async () => {
    await places.createIndex({ at: '2dsphere' })
    await put(point(0, 0), point(1, 0), point(2, 0), null)
    const geoNear = {
      near: point(1, 0),
      distanceField: 'away.by',
      includeLocs: 'away.at',
      minDistance: 1,
      query: { _id: { $lt: 3 } },
    }
    expect(await places.aggregate([{ $geoNear: geoNear }, { $project: { at: 0 } }]).toArray()).toEqual([
      { _id: 1, away: { by: expect.closeTo(111_318.845, 2) as unknown, at: point(0, 0) } },
    ])
    const inKilometres = { near: point(0, 0), distanceField: 'd', distanceMultiplier: 0.001, key: 'at' }
    const [, second] = await places.aggregate([{ $geoNear: inKilometres }]).toArray()
    const view = await database.client.db('geo').createCollection<Document>(`${places.collectionName}.view`, {
      viewOn: places.collectionName,
      pipeline: [{ $geoNear: { near: point(2, 0), distanceField: 'd' } }, { $limit: 1 }],
    })
    expect(await view.find().toArray()).toMatchObject([{ _id: 3, d: 0 }])
    const joined = (spec: Document): Document[] => [
      { $limit: 1 },
      { $lookup: { from: places.collectionName, pipeline: [{ $geoNear: spec }, { $limit: 1 }], as: 'nearest' } },
    ]
    expect(await places.aggregate(joined(inKilometres)).toArray()).toMatchObject([{ nearest: [{ _id: 1 }] }])
    const { key: _key, ...unnamed } = inKilometres
    await expect(places.aggregate(joined(unnamed)).toArray()).rejects.toMatchObject({ code: 238 })
    expect(second).toMatchObject({ _id: 2, d: expect.closeTo(111.3188, 3) as unknown })
  })

  it('changes and takes away the nearest one, and counts those in reach', async () => {
    await places.createIndex({ at: '2dsphere' })
    await put(point(9, 0), point(2, 0), point(1, 0), point(0, 0))
    const near = { $near: { $geometry: point(0, 0), $minDistance: 1 } }
    expect(await places.findOneAndUpdate({ at: near }, { $set: { taken: true } })).toMatchObject({ _id: 3 })
    await places.updateOne({ at: near, taken: { $exists: false } }, { $set: { taken: false } })
    expect(await places.distinct('_id', { at: near, taken: { $exists: true } })).toEqual([2, 3])
    await places.deleteOne({ at: near })
    const count = { count: places.collectionName, query: { at: near } }
    expect(await database.client.db('geo').command(count)).toMatchObject({ n: 2 })
    await places.updateMany({ at: near }, { $set: { seen: true } })
    expect(await found({ seen: true })).toEqual([1, 2])
    await expect(places.deleteOne({ other: near })).rejects.toMatchObject({ code: 291 })
  })

  it.each<[Document, number]>([
    [{ at: { $near: [1, 2] } }, 291],
    [{ other: { $near: { $geometry: point(1, 2) } } }, 291],
    [{ $or: [{ at: { $near: { $geometry: point(1, 2) } } }] }, 2],
    [{ at: { $not: { $near: { $geometry: point(1, 2) } } } }, 2],
    [{ at: { $near: { $geometry: point(1, 2) }, $maxDistance: 5 } }, 2],
    [{ at: { $near: { $geometry: point(1, 2), $maxDistance: -5 } } }, 2],
    [{ at: { $near: { $geometry: line([1, 2], [3, 4]) } } }, 2],
    [{ at: { $geoWithin: { $nope: 1 } } }, 2],
    [{ at: { $geoWithin: { $geometry: line([1, 2], [3, 4]) } } }, 2],
    [
      {
        at: {
          $geoWithin: {
            $geometry: polygon([
              [0, 0],
              [1, 0],
              [1, 1],
            ]),
          },
        },
      },
      2,
    ],
    [{ at: { $geoIntersects: { $geometry: { type: 'Nope', coordinates: [] } } } }, 2],
    [{ at: { $geoIntersects: { $geometry: point(1, 91) } } }, 2],
  ])('refuses %j with code %i', async (filter, code) => {
    await places.createIndex({ at: '2dsphere' })
    await expect(found(filter)).rejects.toMatchObject({ code })
  })

  it('refuses an order by distance where documents are counted, and $geoNear without an index that tells its field', async () => {
    await places.insertOne({ at: [1, 2] })
    const near = { near: [1, 2], distanceField: 'd', spherical: true }
    await expect(places.aggregate([{ $geoNear: near }]).toArray()).rejects.toMatchObject({ code: 27 })
    await places.createIndexes([{ key: { at: '2dsphere' } }, { key: { other: '2dsphere' } }])
    await expect(places.aggregate([{ $geoNear: near }]).toArray()).rejects.toMatchObject({ code: 27 })
    expect(await places.aggregate([{ $geoNear: { ...near, key: 'at' } }]).toArray()).toMatchObject([{ d: 0 }])
    await expect(places.countDocuments({ at: { $nearSphere: [1, 2] } })).rejects.toMatchObject({ code: 5626500 })
  })
})
