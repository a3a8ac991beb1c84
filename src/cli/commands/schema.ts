/** `modosu schema`: for editors, CI and Kubernetes. */

import { Argument, type Command } from 'commander'

import { CONFIGURATION_SCHEMA } from '../../manifest/configuration-schema.ts'
import { renderCustomResourceDefinition } from '../../manifest/custom-resource.ts'
import { RESTORE_REQUEST_SCHEMA } from '../../manifest/restore-request-schema.ts'
import type { CliContext } from '../context.ts'
import { toJson } from '../format.ts'
import { examples } from '../help.ts'

const SCHEMAS = ['restorerequest', 'configuration', 'crd'] as const

export function addSchemaCommand(program: Command, { output }: CliContext): void {
  program
    .command('schema')
    .summary('print the JSON Schema of requests or of the configuration')
    .description(
      'Prints the JSON Schema of requests or of the configuration, or the Kubernetes CustomResourceDefinition.',
    )
    .addArgument(new Argument('[what]', 'which one').choices(SCHEMAS).default('restorerequest'))
    .addHelpText(
      'after',
      examples(
        { command: 'schema > restorerequest.json', tells: 'for an editor, beside the requests' },
        { command: 'schema crd | kubectl apply -f -', tells: 'the same resource in a cluster' },
      ),
    )
    .action((what: (typeof SCHEMAS)[number]) => {
      output.line(textOf(what))
    })
}

function textOf(what: (typeof SCHEMAS)[number]): string {
  switch (what) {
    case 'restorerequest':
      return toJson(RESTORE_REQUEST_SCHEMA)
    case 'configuration':
      return toJson(CONFIGURATION_SCHEMA)
    case 'crd':
      return renderCustomResourceDefinition().trimEnd()
  }
}
