/** The checks of `modosu doctor`, in the order in which they are told. A new check is one row here. */

import type { DaemonCheck, TargetCheck } from './check.ts'
import { applicationUnit, health, port, restores } from './checks/application.ts'
import { clock } from './checks/clock.ts'
import { daemonAnswers, daemonListeners, daemonUnit } from './checks/daemon.ts'
import { access, databaseFile, integrity, leftovers } from './checks/database.ts'
import { daemonDisks, targetDisks } from './checks/disks.ts'
import { holders } from './checks/holders.ts'
import { applicationLog } from './checks/log.ts'
import { permissions } from './checks/permissions.ts'
import { backups, schema } from './checks/schema.ts'
import { spool } from './checks/spool.ts'
import { stateDirectory, stateStore } from './checks/state.ts'

export const DAEMON_CHECKS: readonly DaemonCheck[] = [
  daemonDisks,
  daemonUnit,
  stateDirectory,
  stateStore,
  spool,
  permissions,
  clock,
  daemonListeners,
  daemonAnswers,
]

export const TARGET_CHECKS: readonly TargetCheck[] = [
  restores,
  targetDisks,
  applicationUnit,
  databaseFile,
  leftovers,
  integrity,
  access,
  schema,
  holders,
  port,
  backups,
  health,
  applicationLog,
]
