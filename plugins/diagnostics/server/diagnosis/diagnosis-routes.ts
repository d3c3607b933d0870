import { createHash, randomUUID } from 'node:crypto'
import { notFound, Problem, type RegionId, type RouteDefinition } from '@dcesop/sdk-plugin'
import { closed, id, region } from '../schemas.ts'
import { serviceOf, storesFor, type Services } from '../services.ts'
import { diagnosisView, stepIds, type DiagnosisDocument } from './document.ts'
import type { DiagnosisRunner } from './runner.ts'
import { diagnosisAnswer, diagnosisStarted } from '../answers.ts'

interface Order {
  region: RegionId
  customerId: string
  serviceId: string
}

const dayMs = 86_400_000
const keyPattern = /^[\x21-\x7e]{8,128}$/

/** `POST /diagnoses`: starts a guided diagnosis; its steps come over `diagnostics.diagnosis` with the answer's id as key. */
export function startDiagnosisRoute(services: Services, runner: DiagnosisRunner): RouteDefinition<{ Payload: Order }> {
  return {
    method: 'POST',
    path: '/diagnoses',
    summary: 'Starts a guided diagnosis of one service',
    body: closed({ region, customerId: id, serviceId: id }),
    responses: { 201: diagnosisStarted },
    async handler(request, h) {
      const { region: where, customerId, serviceId } = request.payload
      const stores = storesFor(services, request.identity, where)
      const service = await serviceOf(services, where, serviceId)
      if (service.customerId !== customerId) throw notFound()
      const diagnosisKey = diagnosisId(request.identity.subject, request.raw.req.headers['idempotency-key'])
      const details = { serviceId, diagnosis: diagnosisKey }
      await request.audit({ action: 'diagnosis.run', region: where, resource: customerId, details })
      const startedAt = services.now()
      const diagnosis: DiagnosisDocument = {
        _id: diagnosisKey,
        customerId,
        serviceId,
        requestedBy: request.identity.subject,
        startedAt,
        endedAt: null,
        steps: stepIds.map((step) => ({ id: step, status: 'pending' })),
        result: null,
        expireAt: new Date(startedAt.getTime() + services.settings.retention.issueDays * dayMs),
      }
      const { _id, ...fields } = diagnosis
      const known = await stores.diagnoses.findOneAndUpdate(
        { _id },
        { $setOnInsert: fields },
        { upsert: true, returnDocument: 'before' },
      )
      if (known === null) {
        runner.start(stores, diagnosis, service)
        return h.response({ id: _id }).code(201)
      }
      if (known.serviceId !== serviceId) {
        throw new Problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another service.')
      }
      return h.response({ id: _id }).code(201)
    },
  }
}

interface DiagnosisShapes {
  Params: { region: RegionId; id: string }
}

/** `GET /diagnoses/{region}/{id}`: the steps so far and the verdict. */
export function getDiagnosisRoute(services: Services): RouteDefinition<DiagnosisShapes> {
  return {
    method: 'GET',
    path: '/diagnoses/{region}/{id}',
    summary: 'Steps and verdict of a diagnosis',
    params: closed({ region, id }),
    responses: { 200: diagnosisAnswer },
    async handler(request) {
      const { region: where, id: _id } = request.params
      const diagnosis = await storesFor(services, request.identity, where).diagnoses.findOne({ _id })
      if (diagnosis === null) throw notFound()
      const details = { diagnosis: _id }
      await request.audit({ action: 'diagnosis.view', region: where, resource: diagnosis.customerId, details })
      return diagnosisView(where, diagnosis, services.now())
    },
  }
}

/** The same key of the same person names the same diagnosis. @throws Problem 400 for a malformed key */
function diagnosisId(subject: string, key: string | string[] | undefined): string {
  if (key === undefined) return randomUUID()
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new Problem(400, 'invalid_idempotency_key', 'Idempotency-Key must be 8 to 128 printable ASCII characters.')
  }
  return createHash('sha256').update(`${subject}\n${key}`).digest('hex').slice(0, 32)
}
