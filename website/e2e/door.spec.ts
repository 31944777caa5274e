import { test as base, expect } from './support/test.ts'

// These pages are refused now and then, as they should be, and browsers say so on the console.
const test = base.extend({
  quiet: async ({}, use) => use(),
})

interface Told { status: number, body: string }

// What a script on a page of ours can do: it asks, and the browser adds the cookies by itself.
async function ask(page: import('@playwright/test').Page, method: string, path: string, body?: object): Promise<Told> {
  return page.evaluate(async ([method, path, body]) => {
    const answer = await fetch(path, {
      method,
      body,
      headers: body
        ? { 'content-type': 'application/json' }
        : {},
    })
    return { status: answer.status, body: await answer.text() }
  }, [method, path, body && JSON.stringify(body)] as [string, string, string | undefined])
}

test('a browser signs in, goes on and signs out, and no script sees its keys', async ({ page, server }) => {
  await page.goto('/')
  expect((await ask(page, 'GET', '/api/v1/auth/me')).status).toBe(401)
  const welcome = await ask(page, 'POST', '/api/v1/auth/login', { username: 'Admin ', password: server.password })
  expect(welcome.status).toBe(200)
  expect(welcome.body).not.toContain('token')
  expect(await page.evaluate(() => document.cookie)).toBe('')
  const cookies = await page.context().cookies(`${server.origin}/api/v1/auth/refresh`)
  const kept = cookies.map(({ name, httpOnly, sameSite, secure }) => ({ name, httpOnly, sameSite, secure }))
  expect(kept.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    {
      name: '__Host-casavazquez-access',
      httpOnly: true,
      sameSite: 'Strict',
      secure: true,
    },
    {
      name: '__Secure-casavazquez-refresh',
      httpOnly: true,
      sameSite: 'Strict',
      secure: true,
    },
  ])
  expect((await ask(page, 'GET', '/api/v1/users')).status).toBe(200)
  expect((await ask(page, 'POST', '/api/v1/auth/refresh')).status).toBe(200)
  await page.reload()
  expect(JSON.parse((await ask(page, 'GET', '/api/v1/auth/me')).body)).toMatchObject({ role: 'admin' })
  expect((await ask(page, 'POST', '/api/v1/auth/logout')).status).toBe(204)
  expect(await page.context().cookies()).toEqual([])
  expect((await ask(page, 'GET', '/api/v1/auth/me')).status).toBe(401)
})

test('a page of somebody else neither uses the keys nor reads an answer', async ({ page, server }) => {
  await page.goto('/')
  await ask(page, 'POST', '/api/v1/auth/login', { username: 'admin', password: server.password })
  await page.route('http://elsewhere.example/**', route => route.fulfill({ contentType: 'text/html', body: '<h1>Elsewhere</h1>' }))
  await page.goto('http://elsewhere.example/')
  const tried = await page.evaluate(async (origin) => {
    const outcome = (mode: RequestMode, method: string, path: string) =>
      fetch(origin + path, { method, mode, credentials: 'include' }).then(answer => answer.type, () => 'refused')
    return [
      await outcome('cors', 'GET', '/api/v1/auth/me'),
      await outcome('cors', 'GET', '/api/v1/card'),
      await outcome('cors', 'DELETE', '/api/v1/auth/sessions'),
      await outcome('no-cors', 'POST', '/api/v1/auth/logout'),
    ]
  }, server.origin)
  expect(tried).toEqual([
    'refused',
    'refused',
    'refused',
    'refused',
  ])
  const form = page.waitForResponse(`${server.origin}/api/v1/auth/logout`)
  await page.evaluate((origin) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: `${origin}/api/v1/auth/logout` })
    document.body.append(form)
    form.submit()
  }, server.origin)
  expect((await form).status()).toBe(403)
  // The refusal is no page that a browser shows, so the next look is from another one.
  const again = await page.context().newPage()
  await again.goto('/')
  expect((await ask(again, 'GET', '/api/v1/auth/me')).status).toBe(200)
})
