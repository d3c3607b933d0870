import { ApiProblem } from './api-problem.ts'
import { withStepUp } from './with-step-up.ts'

const required = new ApiProblem({
  status: 403,
  code: 'step_up_required',
  extensions: { operation: 'plugin.disable', parameters: { id: 'a' } },
})

describe('withStepUp', () => {
  it('does not ask when the host does not', async () => {
    const ask = jest.fn()
    expect(await withStepUp(ask, async () => 'done')).toBe(true)
    expect(ask).not.toHaveBeenCalled()
  })

  it('asks for exactly what the host wants and then makes the request again', async () => {
    const ask = jest.fn(async () => true)
    const request = jest.fn<Promise<void>, []>().mockRejectedValueOnce(required).mockResolvedValueOnce()
    expect(await withStepUp(ask, request)).toBe(true)
    expect(ask.mock.calls).toEqual([['plugin.disable', { id: 'a' }]])
    expect(request).toHaveBeenCalledTimes(2)
  })

  it('makes no second request when the person gives up', async () => {
    const request = jest.fn(() => Promise.reject(required))
    expect(await withStepUp(async () => false, request)).toBe(false)
    expect(request).toHaveBeenCalledTimes(1)
  })

  it('hands on every other problem, and a second refusal', async () => {
    const ask = jest.fn(async () => true)
    const other = new ApiProblem({ status: 409, code: 'dependants' })
    await expect(withStepUp(ask, () => Promise.reject(other))).rejects.toBe(other)
    await expect(withStepUp(ask, () => Promise.reject(required))).rejects.toBe(required)
    expect(ask).toHaveBeenCalledTimes(1)
  })
})
