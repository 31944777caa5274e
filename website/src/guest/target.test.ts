import { beforeEach, expect, it, vi } from 'vitest'
import { openTarget } from './target.ts'

beforeEach(() => {
  document.body.replaceChildren()
  const item = document.createElement('article')
  item.id = 'rioja'
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.tabIndex = 0
  details.append(summary)
  item.append(details)
  item.scrollIntoView = vi.fn()
  document.body.append(item)
})

it('opens the details, scrolls there and puts the focus on them', () => {
  location.hash = '#rioja'
  openTarget()
  expect(document.querySelector('details')?.open).toBe(true)
  expect(document.activeElement).toBe(document.querySelector('summary'))
  expect(document.getElementById('rioja')?.scrollIntoView).toHaveBeenCalled()
})

it('does not open what merely stands in the section that the address points to', () => {
  const section = document.createElement('section')
  section.id = 's-rotwein'
  document.body.append(section)
  section.append(document.getElementById('rioja') as HTMLElement)
  location.hash = '#s-rotwein'
  openTarget()
  expect(document.querySelector('details')?.open).toBe(false)
})

it('leaves the page alone for an address that names nothing', () => {
  for (const hash of ['', '#nothing', '#%E0%A4%A']) {
    location.hash = hash
    openTarget()
  }
  expect(document.querySelector('details')?.open).toBe(false)
})
