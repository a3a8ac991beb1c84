/** What is around every view: the product, the language, who is logged in, and the menu of the manual (3.2, step 1). */

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

import { printable } from '../format.ts'
import { PATHS, place, routeOf } from '../route.ts'
import { logOut, user } from '../server/session.ts'
import { chooseLanguage, language, LANGUAGE_NAMES, LANGUAGES, texts } from '../texts/language.ts'
import { Link } from './parts.tsx'

export function Header() {
  const { product, tagline, login } = texts()
  const known = user.value
  return (
    <header class="header">
      <a class="skip" href="#content">
        {texts().skip}
      </a>
      <span class="brand">
        <span class="brand-mark" aria-hidden="true" />
        {product} <span class="brand-tagline">{tagline}</span>
      </span>
      <LanguageSwitch />
      {known != null && (
        <div class="who">
          <span class="who-name">{login.signedInAs(printable(known.username), printable(known.role ?? '-'))}</span>
          <button
            type="button"
            class="subtle"
            onClick={() => {
              void logOut()
            }}
          >
            {login.signOut}
          </button>
        </div>
      )}
    </header>
  )
}

function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={texts().language}>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={language.value === each}
          onClick={() => {
            chooseLanguage(each)
          }}
        >
          {LANGUAGE_NAMES[each]}
        </button>
      ))}
    </div>
  )
}

export function Menu() {
  const { nav } = texts()
  const { view } = routeOf(place.value)
  const [open, setOpen] = useState(view === 'backups')
  const shown = open || view === 'backups'
  return (
    <nav class="menu" aria-label={nav.label}>
      <ul>
        <li>
          <Link to={PATHS.overview} current={view === 'overview'}>
            {nav.overview}
          </Link>
        </li>
        <li>
          <button
            type="button"
            aria-expanded={shown}
            aria-controls="menu-settings"
            onClick={() => {
              setOpen(!shown)
            }}
          >
            {nav.settings}
            <span class="chevron" aria-hidden="true" />
          </button>
          <ul id="menu-settings" hidden={!shown}>
            <li>
              <Link to={PATHS.backups} current={view === 'backups'}>
                {nav.backups}
              </Link>
            </li>
          </ul>
        </li>
        <li>
          <Link to={PATHS.history} current={view === 'history' || view === 'request'}>
            {nav.history}
          </Link>
        </li>
      </ul>
    </nav>
  )
}

export function Shell({ children }: { readonly children: ComponentChildren }) {
  return (
    <>
      <Header />
      <div class="frame">
        <Menu />
        <main id="content" class="content" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  )
}
