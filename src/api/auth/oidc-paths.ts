/** Where a browser begins a login at an OpenID Connect issuer, and where the issuer sends it back. */

export const LOGIN_PATH = '/auth/oidc/login'
export const CALLBACK_PATH = '/auth/oidc/callback'
