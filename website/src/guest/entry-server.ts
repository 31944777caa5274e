import type { PageState } from '../shared/card.ts'
import { renderToString } from 'vue/server-renderer'
import { dictionary } from '../shared/i18n/index.ts'
import { createGuestApp } from './app.ts'
import { head } from './head.ts'

globalThis.renderPage = async (stateJson) => {
  const state = JSON.parse(stateJson) as PageState
  const html = await renderToString(createGuestApp(state, dictionary(state.locale), true))
  return JSON.stringify({
    html,
    ...head(state),
  })
}
