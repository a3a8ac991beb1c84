/** Renders the document of the API without a daemon, for the repository. */

import { createApp, type ApiContext } from './app.ts'
import { ROUTES } from './routes.ts'

/** The routes are described, and none of them is called: there is nothing behind them. */
const NOTHING = { auth: {} } as unknown as ApiContext

/** @returns the OpenAPI document as an object. */
export async function openApiDocument(): Promise<object> {
  const app = await createApp({
    door: 'http',
    routes: ROUTES,
    context: NOTHING,
    authenticate: () => Promise.resolve(null),
  })
  try {
    await app.ready()
    return app.swagger()
  } finally {
    await app.close()
  }
}
