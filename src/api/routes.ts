/** The routes of the API, the same behind every door. */

import type { AddRoutes } from './app.ts'
import { addDaemonRoutes } from './daemon-routes.ts'
import { addManualRoutes } from './manual/manual-routes.ts'
import { addPruneRoutes } from './prune-routes.ts'
import { addRequestRoutes } from './request-routes.ts'
import { addStateRoutes } from './state-routes.ts'
import { addTargetRoutes } from './target-routes.ts'

export const ROUTES: readonly AddRoutes[] = [
  addDaemonRoutes,
  addRequestRoutes,
  addTargetRoutes,
  addPruneRoutes,
  addStateRoutes,
  addManualRoutes,
]
