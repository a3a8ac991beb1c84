/** The schema of `metadata`: ours, and the fields that a Kubernetes API server adds, which are let pass. */

import { DNS_LABEL, LABEL_VALUE, TEXT, type JsonSchema } from './json-schema.ts'

const IGNORED: JsonSchema = { description: 'Set by the Kubernetes API server. Accepted and ignored.' }

const STRINGS: JsonSchema = { type: 'string', maxLength: 4096, pattern: TEXT }

export const METADATA_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'What identifies the request. Labels and annotations are kept, shown, and mean nothing to the restore.',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      description:
        'The identity of the request, a DNS label: lower-case letters, digits and hyphens, at most 63. ' +
        'A request of one name runs once, whatever becomes of its file; to restore again, give a new name.',
      minLength: 1,
      maxLength: 63,
      pattern: DNS_LABEL,
      examples: ['inc-4711'],
    },
    labels: {
      type: 'object',
      description: 'Key and value pairs to find the request by. Values are text: put numbers and true in quotes.',
      default: {},
      maxProperties: 64,
      additionalProperties: { type: 'string', maxLength: 63, pattern: LABEL_VALUE },
      examples: [{ 'modosu.dev/scenario': 'operator-error' }],
    },
    annotations: {
      type: 'object',
      description: 'Free notes, for instance the link to a ticket. Values are text.',
      default: {},
      maxProperties: 64,
      additionalProperties: STRINGS,
    },
    namespace: IGNORED,
    generateName: IGNORED,
    uid: IGNORED,
    resourceVersion: IGNORED,
    generation: IGNORED,
    creationTimestamp: IGNORED,
    deletionTimestamp: IGNORED,
    deletionGracePeriodSeconds: IGNORED,
    finalizers: IGNORED,
    ownerReferences: IGNORED,
    managedFields: IGNORED,
    selfLink: IGNORED,
  },
}
