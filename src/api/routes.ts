/** The routes of the API, the same behind every door. */

import type { AddRoutes } from './app.ts'
import { addAuthRoutes } from './auth/auth-routes.ts'
import { addDaemonRoutes } from './daemon-routes.ts'
import { addManualRoutes } from './manual/manual-routes.ts'
import { answerProblems } from './problem.ts'
import { addPruneRoutes } from './prune-routes.ts'
import { addChecklistRoutes } from './resources/checklist-routes.ts'
import { addReportRoutes } from './resources/report-routes.ts'
import { addRequestRoutes } from './request-routes.ts'
import { addInventoryRoutes } from './resources/inventory-routes.ts'
import { addReadinessRoute } from './resources/readiness-route.ts'
import { PAPERS } from './resources/paper-schemas.ts'
import { SHARED } from './resources/schemas.ts'
import { addUndoRoute } from './resources/undo-route.ts'
import { addStateRoutes } from './state-routes.ts'
import { addTargetRoutes } from './target-routes.ts'
import { addTransitionRoutes } from './resources/transition-routes.ts'
import { addTranslationRoutes } from './resources/translation-routes.ts'
import { validateBySchema } from './validation.ts'

const RESOURCES: readonly AddRoutes[] = [
  addDaemonRoutes,
  addAuthRoutes,
  addRequestRoutes,
  addTransitionRoutes,
  addReportRoutes,
  addChecklistRoutes,
  addInventoryRoutes,
  addTargetRoutes,
  addUndoRoute,
  addReadinessRoute,
  addPruneRoutes,
  addStateRoutes,
  addTranslationRoutes,
]

/** All of them say in one way what went wrong. */
const addResourceRoutes: AddRoutes = (app, context) => {
  void app.register((scope, _options, done) => {
    validateBySchema(scope, { bodies: false })
    answerProblems(scope, context.log)
    for (const schema of [...SHARED, ...PAPERS]) scope.addSchema(schema)
    for (const add of RESOURCES) add(scope, context)
    done()
  })
}

export const ROUTES: readonly AddRoutes[] = [addResourceRoutes, addManualRoutes]
