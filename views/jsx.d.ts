declare namespace JSX {
  interface IntrinsicElements {
    /** htmx 4: markup for a target of its own inside an answer or a pushed message. */
    'hx-partial': HtmlTag & { 'hx-target': string; 'hx-swap': string };
  }
}
