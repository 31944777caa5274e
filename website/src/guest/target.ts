/** Opens the details of the item that the address points to and puts the focus there. Other targets hold details, too, but not their own. */
export function openTarget(): void {
  const id = decodeHash(location.hash)
  const item = id === ''
    ? null
    : document.getElementById(id)
  const details = item?.querySelector('details')
  if (!item?.matches('article') || !details)
    return
  details.open = true
  item.scrollIntoView({ block: 'start' })
  details.querySelector('summary')?.focus({ preventScroll: true })
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  }
  catch {
    return ''
  }
}
