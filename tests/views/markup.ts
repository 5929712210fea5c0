/** What a page is made of, as a browser's parser sees it. */
export interface Seen {
  tags: string[];
  attributes: { tag: string; name: string; value: string }[];
  ids: string[];
  text: string;
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#34;': '"', '&#x27;': "'", '&amp;': '&' };

/** Undoes the escaping of the views. */
export function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#34|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Parses markup with Bun's HTML parser and lists what it found. */
export function seen(markup: string): Seen {
  const found: Seen = { tags: [], attributes: [], ids: [], text: '' };
  const rewriter = new HTMLRewriter()
    .on('*', {
      element(element) {
        found.tags.push(element.tagName);
        for (const [name, value] of element.attributes) {
          found.attributes.push({ tag: element.tagName, name, value: value ?? '' });
          if (name === 'id') found.ids.push(value ?? '');
        }
      },
    })
    .onDocument({
      text(chunk) {
        found.text += chunk.text;
      },
    });
  rewriter.transform(markup);
  return { ...found, text: decoded(found.text) };
}

/** The first thing that the content security policy or a stranger's text would break, or null. `ownPartials` is how many our own answer has. */
export function firstDanger(markup: string, ownPartials = 0): string | null {
  const { tags, attributes, ids } = seen(markup);
  const scripts = attributes.filter(({ tag, name, value }) => tag === 'script' && name === 'src' && value.startsWith('/static/'));
  if (tags.filter((tag) => tag === 'script').length !== scripts.length) return 'a script that is not one of our files';
  const foreign = tags.find((tag) => ['img', 'iframe', 'object', 'embed', 'base', 'b>', 'style', 'template'].includes(tag));
  if (foreign !== undefined) return `<${foreign}>`;
  const handler = attributes.find(({ name }) => /^on|^style$|^hx-on|^srcdoc$|^autofocus$/.test(name));
  if (handler !== undefined) return `${handler.name} on <${handler.tag}>`;
  const url = attributes.find(
    ({ name, value }) => /^(href|src|action|formaction|hx-get|hx-ws:connect)$/.test(name) && !/^([/#](?!\/)|$)/.test(value),
  );
  if (url !== undefined) return `${url.name}="${url.value}"`;
  // htmx rewrites these with regular expressions before it parses, attribute values included.
  if ((markup.match(/<hx-[a-z]+/gi) ?? []).length !== ownPartials) return 'a tag that htmx rewrites';
  if ((markup.match(/<head[\s>]/gi) ?? []).length > (tags.includes('html') ? 1 : 0)) return 'a head that htmx cuts out';
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined ? null : `two elements with the id ${twice}`;
}
