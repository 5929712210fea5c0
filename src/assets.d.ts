/**
 * What the bundler makes of files that are not code. `with { type: 'file' }` gives a path that `Bun.file` opens, in a checkout and inside the
 * executable alike; `with { type: 'text' }` gives the content itself. The suffix alone decides which one a file is imported as.
 */

declare module '*.css' {
  const path: string;
  export default path;
}

declare module '*.svg' {
  const path: string;
  export default path;
}

declare module '*.png' {
  const path: string;
  export default path;
}

declare module '*.ico' {
  const path: string;
  export default path;
}

/** Scripts for the browser: ours in static/ are named `*.browser.js`, those of packages keep their names. */
declare module '*.min.js' {
  const path: string;
  export default path;
}

declare module '*.browser.js' {
  const path: string;
  export default path;
}

declare module '*/swagger-ui-bundle.js' {
  const path: string;
  export default path;
}

declare module '*.sql' {
  const text: string;
  export default text;
}

declare module '*/live.js' {
  const path: string;
  export default path;
}

declare module '*/swagger.js' {
  const path: string;
  export default path;
}

declare module '*/console.js' {
  const path: string;
  export default path;
}
