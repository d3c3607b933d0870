export interface PermissionRequest {
  readonly cap: string
  readonly resource?: string
  readonly fields?: readonly string[]
  readonly purpose?: string
  readonly region?: string
  readonly reasonKey: string
}

/** The parts of a manifest that a decision is about. */
export interface Manifest {
  readonly id: string
  readonly version: string
  readonly permissions?: {
    readonly requests?: readonly PermissionRequest[]
    readonly defines?: readonly { readonly id: string; readonly sensitivity: string }[]
  }
  readonly backend?: {
    readonly isolation?: string
    readonly routes?: readonly { readonly method: string; readonly path: string; readonly permission: string }[]
    readonly events?: { readonly publishes?: readonly string[]; readonly subscribes?: readonly string[] }
  }
  readonly data?: { readonly collections?: readonly string[]; readonly schemaVersion?: number }
  readonly provides?: Readonly<Record<string, unknown>>
  readonly consumes?: readonly { readonly capability: string; readonly range: string }[]
  readonly ui?: {
    readonly pages?: readonly { readonly path: string }[]
    readonly extensions?: readonly { readonly point: string; readonly id: string }[]
    readonly points?: readonly { readonly id: string }[]
    readonly csp?: {
      readonly connect?: readonly string[]
      readonly img?: readonly string[]
      readonly font?: readonly string[]
    }
  }
  readonly config?: { readonly schema?: JsonSchema }
  readonly support?: {
    readonly owner?: string
    readonly contact?: string
    readonly docs?: string
    readonly changelog?: string
    readonly licence?: string
  }
  readonly engines?: { readonly dcesop: string; readonly sdk?: string }
  readonly criticality?: string
}

/** The keywords that a screen reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | object
  readonly patternProperties?: object
}
