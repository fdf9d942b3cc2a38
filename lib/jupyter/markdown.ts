/**
 * What a program needs to see in Markdown: words, links and images.
 *
 * @module
 */

/** How many words a reader reads: no code, no addresses, no comments. */
export function proseWords(markdown: string): number {
  const text = markdown.replace(/^```[^]*?^```/gm, "").replace(/<[^>]*>/g, " ").replace(/\]\([^)]*\)/g, "]");
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,§-]*/gu)?.length ?? 0;
}

/** Where the links within the document lead, without their `#`. */
export function contents(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(#([^)\s]+)\)/g)].map(([, anchor]) => decodeURIComponent(anchor));
}

/** The addresses of the links to other files of the project. */
export function links(markdown: string): string[] {
  const text = markdown.replace(/^```[^]*?^```/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, address]) => address)
    .filter((address) => !/^(https?:|mailto:|#|data:)/.test(address));
}

/** The images, in Markdown or HTML, and their text alternatives. */
export function images(text: string): { readonly alt: string }[] {
  const html = [...text.matchAll(/<img\b[^>]*>/g)].map(([tag]) => ({ alt: /\balt="([^"]*)"/.exec(tag)?.[1] ?? "" }));
  const markdown = [...text.matchAll(/!\[([^\]]*)\]\(/g)].map(([, alt]) => ({ alt }));
  return [...html, ...markdown];
}
