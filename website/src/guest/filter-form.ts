import type { Filter, PageState } from '../shared/card.ts'
import { onBeforeUnmount, onMounted, ref } from 'vue'
import { pageLink } from '../shared/links.ts'
import { formatQuery, parsePairs, parseQuery } from '../shared/query.ts'

/**
 * Makes the filter form instant. Without JavaScript it stays a plain form that the server answers; `live` turns true once the
 * page is taken over, and only then may anything look different.
 */
export function useFilterForm(state: PageState) {
  const live = ref(false)

  function set(filter: Filter, keep: 'push' | 'replace'): void {
    if (formatQuery(filter) === formatQuery(state.filter))
      return
    state.filter = filter
    const url = pageLink(state.path, state.locale, filter)
    if (keep === 'push')
      history.pushState(null, '', url)
    else
      history.replaceState(null, '', url)
  }

  function onInput(event: Event): void {
    const form = event.currentTarget
    if (!(form instanceof HTMLFormElement))
      return
    // Every letter of a search as a step back would be a nuisance.
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'search'
    set(readForm(form), typing ? 'replace' : 'push')
  }

  function onPopState(): void {
    state.filter = parseQuery(location.search)
  }

  onMounted(() => {
    live.value = true
    window.addEventListener('popstate', onPopState)
  })
  onBeforeUnmount(() => window.removeEventListener('popstate', onPopState))

  return {
    live,
    onInput,
    choose: (filter: Filter) => set(filter, 'push'),
  }
}

function readForm(form: HTMLFormElement): Filter {
  return parsePairs([
    ...new FormData(form),
  ].map(([name, value]) => [
    name,
    String(value),
  ]))
}
