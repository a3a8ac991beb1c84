/** What became of the last reload of the configuration, under the names that Prometheus itself has for it. */

import { createInstruments, type Definitions, type Instruments, type Scope } from './metric.ts'
import type { ConfigurationReload, ConfigurationTelemetry } from './telemetry.ts'

export const CONFIGURATION_METRICS = {
  successful: {
    name: 'modosu_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the last reload of the configuration succeeded. 0: the file has a mistake and the old configuration is in force; the log tells where.',
    labels: {},
    birth: 'absent',
  },
  successAt: {
    name: 'modosu_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the configuration that is in force was read.',
    labels: {},
    birth: 'absent',
  },
  restartRequired: {
    name: 'modosu_config_restart_required',
    type: 'gauge',
    help: '1 where the last reload found changes that only a restart of the daemon puts into force, else 0; the log names the keys.',
    labels: {},
    birth: 'zero',
  },
  stateRolledBack: {
    name: 'modosu_state_rolled_back',
    type: 'gauge',
    help: '1 while everything is held because the state store is older than what was seen of it before (modosu state), else 0.',
    labels: {},
    birth: 'zero',
  },
} as const satisfies Definitions

export class ConfigurationMetrics implements ConfigurationTelemetry {
  readonly #instruments: Instruments<typeof CONFIGURATION_METRICS>

  constructor(scope: Scope) {
    this.#instruments = createInstruments(CONFIGURATION_METRICS, scope)
  }

  /** @param held whether everything is held now; asked at each scrape. */
  stateHeld(held: boolean): void {
    this.#instruments.stateRolledBack.set(Number(held))
  }

  configurationReloaded(reload: ConfigurationReload): void {
    const { successful, successAt, restartRequired } = this.#instruments
    successful.set(Number(reload.success))
    if (!reload.success) return
    successAt.set(reload.atMs / 1000)
    restartRequired.set(Number(reload.restartRequired))
  }
}
