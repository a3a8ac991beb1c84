/** What is promised of backups and rehearsals. The alerts in `deploy/prometheus/` have the same figures. */

/** A daily backup and two hours for it to be made: a restore now loses no more (ModosuRPOExceeded). */
export const RPO_MS = 26 * 3_600_000
/** A rehearsal each quarter, as the manual is reviewed, and some days for it (ModosuDrillOverdue). */
export const DRILL_EVERY_MS = 100 * 86_400_000
/** A scheduled job that is due for longer was missed (ModosuScheduledJobMissed). */
export const JOB_LATE_MS = 600_000
