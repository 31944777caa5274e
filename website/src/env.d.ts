/// <reference types="vite/client" />

// Called by the Rust server inside its JavaScript engine.
// eslint-disable-next-line no-var -- only `var` declares a property of globalThis
declare var renderPage: (stateJson: string) => Promise<string>
