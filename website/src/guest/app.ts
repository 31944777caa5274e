import type { App } from 'vue'
import type { PageState } from '../shared/card.ts'
import type { Dictionary } from '../shared/i18n/index.ts'
import { createApp, createSSRApp, shallowReactive } from 'vue'
import GuestApp from './GuestApp.vue'
import { createPage, PAGE } from './page.ts'

/** `rendered`: whether the markup exists already and is only to be taken over. */
export function createGuestApp(state: PageState, t: Dictionary, rendered: boolean): App {
  const app = rendered
    ? createSSRApp(GuestApp)
    : createApp(GuestApp)
  // Shallow: parts of the state are replaced, never changed in place, and watching every field of every item costs more than all
  // the rest of a page.
  app.provide(PAGE, createPage(shallowReactive(state), t))
  return app
}
