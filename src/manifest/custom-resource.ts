/** The same resource for a Kubernetes cluster: a CustomResourceDefinition made from the RestoreRequest schema. */

import { stringify } from 'yaml'
import type { JsonSchema } from './json-schema.ts'
import { RESTORE_REQUEST_SCHEMA } from './restore-request-schema.ts'

/** JSONSchemaProps of apiextensions.k8s.io/v1, as far as it is used here. */
type StructuralSchema = Readonly<Record<string, unknown>>

/**
 * Rewrites a schema by the rules of structural schemas: `additionalProperties: false` may not stand beside `properties`
 * (the API server prunes unknown fields by itself), there is one `example`, not several, and `uniqueItems` is forbidden:
 * a list of scalars without repetition is a list of type `set`.
 */
function toStructural(schema: JsonSchema): StructuralSchema {
  const { properties, items, additionalProperties, examples, uniqueItems, ...rest } = schema
  return {
    ...rest,
    ...(examples?.[0] === undefined ? {} : { example: examples[0] }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: toStructural(additionalProperties) } : {}),
    ...(items === undefined ? {} : { items: toStructural(items) }),
    ...(uniqueItems === true ? { 'x-kubernetes-list-type': 'set' } : {}),
    ...(properties === undefined ? {} : { properties: structuralFields(properties) }),
  }
}

function structuralFields(fields: Readonly<Record<string, JsonSchema>>): StructuralSchema {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toStructural(field)]))
}

const CONDITION: StructuralSchema = {
  type: 'object',
  required: ['type', 'status'],
  properties: {
    type: { type: 'string' },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string' },
    message: { type: 'string' },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    observedGeneration: { type: 'integer', format: 'int64' },
  },
}

const STATUS: StructuralSchema = {
  type: 'object',
  description: 'What the daemon says of the request.',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    phase: { type: 'string' },
    reason: { type: 'string' },
    message: { type: 'string' },
    startTime: { type: 'string', format: 'date-time' },
    completionTime: { type: 'string', format: 'date-time' },
    conditions: {
      type: 'array',
      items: CONDITION,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
  },
}

function openApiSchema(): StructuralSchema {
  const { description, properties } = RESTORE_REQUEST_SCHEMA
  const { spec } = properties
  return {
    type: 'object',
    description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      // The API server validates metadata itself and lets a definition say nothing about it but its name.
      metadata: { type: 'object' },
      spec: toStructural(spec ?? {}),
      status: STATUS,
    },
  }
}

const PRINTER_COLUMNS = [
  { name: 'Target', type: 'string', jsonPath: '.spec.target' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Reason', type: 'string', jsonPath: '.status.reason' },
  { name: 'Mode', type: 'string', jsonPath: '.spec.mode', priority: 1 },
  { name: 'Requested by', type: 'string', jsonPath: '.spec.requestedBy', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
]

/** The CustomResourceDefinition as an object. */
export function customResourceDefinition(): StructuralSchema {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: PRINTER_COLUMNS,
    schema: { openAPIV3Schema: openApiSchema() },
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'restorerequests.modosu.dev' },
    spec: {
      group: 'modosu.dev',
      scope: 'Namespaced',
      names: {
        kind: 'RestoreRequest',
        listKind: 'RestoreRequestList',
        plural: 'restorerequests',
        singular: 'restorerequest',
        shortNames: ['rr'],
      },
      versions: [version],
    },
  }
}

/** The CustomResourceDefinition as YAML, for `kubectl apply -f`. */
export function renderCustomResourceDefinition(): string {
  return stringify(customResourceDefinition(), { aliasDuplicateObjects: false, lineWidth: 100 })
}
