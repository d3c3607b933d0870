import { type Ref, shallowRef } from 'vue'

export interface StepUpRequest {
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  settle(granted: boolean): void
}

export interface StepUpQueue {
  /** What the dialog asks for now. */
  readonly current: Readonly<Ref<StepUpRequest | undefined>>
  /** Resolves true once the host granted exactly this operation, false when the person gives up. */
  ask(operation: string, parameters: Readonly<Record<string, unknown>>): Promise<boolean>
  /** Gives up everything that is asked, at the end of a session. */
  cancelAll(): void
}

/** One dialog at a time; further requests wait. */
export function createStepUpQueue(): StepUpQueue {
  const current = shallowRef<StepUpRequest>()
  const waiting: StepUpRequest[] = []

  return {
    current,
    ask: (operation, parameters) =>
      new Promise((resolve) => {
        const request: StepUpRequest = {
          operation,
          parameters,
          settle(granted) {
            resolve(granted)
            if (current.value === request) current.value = waiting.shift()
          },
        }
        if (current.value === undefined) current.value = request
        else waiting.push(request)
      }),
    cancelAll() {
      for (const request of [...waiting.splice(0), ...(current.value ? [current.value] : [])]) request.settle(false)
    },
  }
}
