import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// Two builds: "client" for browsers, "server" for the engine inside the Rust binary.
export default defineConfig(({ mode }) => ({
  plugins: [
    vue(),
    withoutPreloading(),
  ],
  define: {
    // `process` does not exist in that engine, and the flags let Vue drop what is not used.
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    ...(mode === 'server'
      ? { 'process.env.NODE_ENV': '"production"' }
      : {}),
  },
  build: mode === 'server'
    ? serverBuild()
    : clientBuild(),
  ...(mode === 'server'
    ? {
        ssr: { noExternal: true as const, target: 'webworker' as const },
      }
    : {}),
  publicDir: mode === 'server'
    ? false as const
    : 'public',
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
  },
}))

function clientBuild() {
  return {
    outDir: 'dist/client',
    emptyOutDir: true,
    manifest: true,
    modulePreload: false as const,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: 'src/guest/entry-client.ts',
      // What the first script needs is one file: two would compress worse, and every visit needs both.
      output: {
        codeSplitting: {
          groups: [
            { name: 'entry-client', test: /entry-client\.ts$/ },
          ],
        },
      },
    },
  }
}

/** Vite wraps each late import into code that loads its styles first. All styles are in one sheet, so there is nothing to load. */
function withoutPreloading() {
  return {
    name: 'without-preloading',
    enforce: 'pre' as const,
    load: (id: string) => id === '\0vite/preload-helper.js'
      ? 'export const __vitePreload = load => load()'
      : null,
  }
}

function serverBuild() {
  return {
    outDir: 'dist/server',
    emptyOutDir: true,
    ssr: true,
    minify: true,
    rollupOptions: {
      input: 'src/guest/entry-server.ts',
      output: { format: 'iife' as const, entryFileNames: 'guest.js', codeSplitting: false },
    },
  }
}
