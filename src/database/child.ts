/** The process in which an operator's SQLite files are opened: the entry that the sandbox forks. */

import { serve } from '../sandbox/serve.ts'
import { catalogRows } from './catalog-rows.ts'
import { check } from './check.ts'
import { compare } from './compare.ts'
import type { CheckRequest, RawCopyFile, StageRequest } from './contract.ts'
import { digest } from './digest.ts'
import { compareWithDump, type DumpRequest } from './dump-compare.ts'
import { fingerprint } from './fingerprint.ts'
import { readHeader } from './header.ts'
import { hold, letGo, type HoldRequest } from './hold.ts'
import { holders } from './holders.ts'
import { inspect } from './inspect.ts'
import type { CompareRequest, QueryRequest } from './look-contract.ts'
import { mirror } from './mirror.ts'
import { query } from './query.ts'
import { quiesce } from './quiesce.ts'
import { rawCopy } from './raw-copy.ts'
import { databaseError } from './reasons.ts'
import type { MirrorRequest } from './records-contract.ts'
import { revokedTokens } from './revoked-tokens.ts'
import { rowCounts, type RowCountsRequest } from './row-counts.ts'
import { safetyCopy, type SafetyCopyRequest } from './safety-copy.ts'
import { snapshot, type SnapshotRequest } from './snapshot.ts'
import { smoke, type SmokeRequest } from './smoke.ts'
import { stage } from './stage.ts'

/** An operation whose errors name the file that it is about. */
function about<A, R>(subject: (argument: A) => string, operation: (argument: A) => Promise<R>) {
  return async (argument: A): Promise<R> => {
    try {
      return await operation(argument)
    } catch (error) {
      throw databaseError(error, subject(argument))
    }
  }
}

const path = (argument: { readonly path: string }): string => argument.path
const database = (argument: { readonly database: string }): string => argument.database

serve({
  inspect: about(path, inspect),
  readHeader: about(path, (argument: { readonly path: string }) => readHeader(argument.path)),
  holders: about((argument: { readonly paths: readonly string[] }) => argument.paths[0] ?? '/proc', holders),
  fingerprint: about(database, fingerprint),
  safetyCopy: about<SafetyCopyRequest, unknown>(database, safetyCopy),
  snapshot: about<SnapshotRequest, unknown>(database, snapshot),
  rawCopy: about((argument: { readonly files: readonly RawCopyFile[] }) => argument.files[0]?.from ?? '', rawCopy),
  stage: about<StageRequest, unknown>((argument) => argument.db, stage),
  check: about<CheckRequest, unknown>(path, check),
  compareWithDump: about<DumpRequest, unknown>(database, compareWithDump),
  hash: about(path, (argument: { readonly path: string }) => digest(argument.path)),
  compare: about((argument: CompareRequest) => argument.backup, compare),
  query: about<QueryRequest, unknown>(path, query),
  rowCounts: about<RowCountsRequest, unknown>(path, rowCounts),
  quiesce: about(database, quiesce),
  hold: about<HoldRequest, unknown>(database, hold),
  letGo,
  smoke: about<SmokeRequest, unknown>(database, smoke),
  catalogRows: about(
    (argument: { readonly database: string; readonly table: string }) => argument.database,
    catalogRows,
  ),
  revokedTokens: about(database, revokedTokens),
  mirror: about<MirrorRequest, unknown>(database, mirror),
})
