import type { PageState } from '../shared/card.ts'
import { loadDictionary } from '../shared/i18n/load.ts'
import { createGuestApp } from './app.ts'
import { openTarget } from './target.ts'
import './styles/index.css'

async function start(root: HTMLElement, state: PageState): Promise<void> {
  const t = await loadDictionary(state.locale)
  // An empty root means that the server could not render: then the page is made here.
  createGuestApp(state, t, root.childElementCount > 0).mount(root)
  openTarget()
  window.addEventListener('hashchange', openTarget)
}

const root = document.getElementById('app')
const state = document.getElementById('state')?.textContent

if (root && state)
  void start(root, JSON.parse(state) as PageState)
