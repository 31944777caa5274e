import type { App } from 'vue'
import type { PageState } from '../shared/card.ts'
import type { Dictionary } from '../shared/i18n/index.ts'
import { createApp, createSSRApp, reactive } from 'vue'
import GuestApp from './GuestApp.vue'
import { createPage, PAGE } from './page.ts'

/** `rendered`: whether the markup exists already and is only to be taken over. */
export function createGuestApp(state: PageState, t: Dictionary, rendered: boolean): App {
  const app = rendered
    ? createSSRApp(GuestApp)
    : createApp(GuestApp)
  app.provide(PAGE, createPage(reactive(state), t))
  return app
}
